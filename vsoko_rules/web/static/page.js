// What the page adds to what the server says: unsaved and saved, a lost connection, keys, and marks of wrong fields.
// No verdict is made here.
"use strict";

let wanted = null;

const saved = () => document.getElementById("saved");

function say(text, state) {
  const place = saved();
  if (!place) return;
  place.textContent = text;
  place.className = `saved ${state}`;
}

function tell(text) {
  const status = document.getElementById("said");
  if (status) status.textContent = text;
}

// A form that has something to be sent says so until that is on its way; what is on its way is counted by htmx.
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest("form[data-row]");
    if (!form) return;
    form.dataset.unsaved = "1";
    say("Ещё не сохранено", "waiting");
  }, true);
}

// A name that somebody is still typing into a search box is not sent along with a change of another field: half a name
// is none.
function halfTyped(form, changed) {
  const box = document.activeElement;
  const typing = changed?.type === "change" && changed.target !== box;
  return typing && form.contains(box) && box.matches("[data-combobox]") && box.value ? box : null;
}

document.addEventListener("htmx:configRequest", (event) => {
  const form = event.target;
  if (!form.matches("form[data-row]")) return;
  const { parameters, triggeringEvent } = event.detail;
  form.typing = halfTyped(form, triggeringEvent);
  if (form.typing) parameters[form.typing.name] = "";
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (form.matches("form")) document.getElementById("notice").replaceChildren();
  if (!form.matches("form[data-row]")) return;
  const boxes = [...form.querySelectorAll("[data-combobox]")].filter((box) => box !== form.typing);
  form.sent = new Map(boxes.map((box) => [box, box.value]));
  if (!form.typing) delete form.dataset.unsaved;
  form.sending = true;
  say("Сохраняется…", "waiting");
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (!form.matches || !form.matches("form[data-row]")) return;
  form.sending = false;
  if (!event.detail.xhr.status) return;
  if (!event.detail.successful) {
    form.dataset.unsaved = "1";
    form.after = null;
    say("Не сохранено", "failed");
    tell("Не сохранено. Что не так, написано под строкой.");
    return;
  }
  for (const [box, value] of form.sent || []) if (box.value === value) box.value = "";
  for (const mark of document.querySelectorAll("input[data-etag]")) {
    const now = document.getElementById(`etag-${mark.dataset.etag}`);
    if (now) mark.value = now.value;
  }
  if (form.dataset.unsaved) say("Ещё не сохранено", "waiting");
  else if (form.after) form.after();
});

// Do something with a row when everything in it is saved: what waits to be sent would go with the row.
function whenSaved(form, then) {
  form.after = then;
  form.dataset.unsaved = "1";
  htmx.trigger(form, "again");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-close]");
  const form = link && link.closest("form[data-row]");
  if (!form || form.folding || !(form.dataset.unsaved || form.sending)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  whenSaved(form, () => fold(form));
}, true);

function fold(form) {
  form.folding = true;
  wanted = form.closest(".row").id;
  form.querySelector("[data-close]").click();
}

// Another row comes when the new one before it is saved: until then both would have one code, and an answer about one
// would go to the other.
document.addEventListener("click", (event) => {
  const add = event.target.closest("#add");
  const forms = add ? [...document.querySelectorAll("#rows form[data-row]")] : [];
  const fresh = forms.find((form) => form.querySelector("[name=etag]").value === "");
  if (!fresh) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!fresh.matches("[data-entry]") && (fresh.dataset.unsaved || fresh.sending)) whenSaved(fresh, () => add.click());
  else fresh.querySelector("input[type=text]").focus();
}, true);

// Who signed in anew in another window has a new token there: this page takes it over and sends what is unsaved.
document.addEventListener("click", async (event) => {
  if (!event.target.closest("[data-renew]")) return;
  const start = await (await fetch("/", { cache: "no-store" })).text();
  const token = new DOMParser().parseFromString(start, "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (!token) return;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
  document.getElementById("notice").replaceChildren();
  for (const unsaved of document.querySelectorAll("form[data-unsaved]")) htmx.trigger(unsaved, "again");
});

// Wrong fields are named by the part under the row.
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.target.closest && event.target.closest("form[data-row]");
  const state = form && form.querySelector(".state");
  if (!state) return;
  const wrong = (state.dataset.wrong || "").split(" ");
  for (const field of form.querySelectorAll("input[type=text]")) {
    const name = field.id.slice(`f-${form.dataset.row}-`.length);
    if (wrong.includes(name)) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
});

// A row that another window changed comes anew, with both versions: what was typed meanwhile stays in its fields.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (xhr.status !== 409 || !target.matches(".row")) return;
  const typed = [...target.querySelectorAll("input[id]:not([type=hidden])")].map((i) => [i.id, i.value, i.checked]);
  document.addEventListener("htmx:load", function came(load) {
    if (load.target.id !== target.id) return;
    document.removeEventListener("htmx:load", came);
    for (const [id, value, checked] of typed) {
      const field = document.getElementById(id);
      if (field) Object.assign(field, { value, checked });
    }
    load.target.querySelector("form[data-row]").dataset.unsaved = "1";
    say("Не сохранено", "failed");
    tell("Не сохранено. Документ изменили в другом окне: показаны оба варианта.");
  });
});

// What was ticked, cleared or chosen while an answer was on its way is newer than the answer. New boxes are put among
// those that stand, and none of those is replaced: with it would go the focus, and a key that is held down.
const boxIn = (item) => item.querySelector("input[type=checkbox]");
const itemOf = (list, value) => [...list.children].find((item) => boxIn(item).value === value);

function mergeItems(old, fresh) {
  let at = old.firstElementChild;
  for (const item of [...fresh.children]) {
    const same = itemOf(old, boxIn(item).value);
    if (!same) {
      old.insertBefore(item.cloneNode(true), at);
      continue;
    }
    const label = boxIn(same).parentElement;
    while (boxIn(same).nextSibling) boxIn(same).nextSibling.remove();
    label.append(...[...boxIn(item).parentElement.childNodes].slice(1).map((node) => node.cloneNode(true)));
    at = same.nextElementSibling;
  }
  for (const item of [...old.children]) {
    if (!itemOf(fresh, boxIn(item).value) && !boxIn(item).checked && !item.contains(document.activeElement)) item.remove();
  }
}

function mergeGroups(old, fresh) {
  const called = (group) => group.querySelector("legend")?.textContent;
  const groups = [...old.children];
  let at = old.firstElementChild;
  for (const group of [...fresh.children]) {
    const same = groups.find((each) => called(each) === called(group));
    if (same && called(same)) mergeItems(same.querySelector("ul"), group.querySelector("ul"));
    if (same) at = same.nextElementSibling;
    else old.insertBefore(group.cloneNode(true), at);
  }
  for (const group of groups) {
    const stays = [...fresh.children].some((each) => called(each) === called(group));
    if (!stays && !group.querySelector("input:checked")) group.remove();
  }
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const old = event.detail.target;
  const fresh = event.detail.fragment.querySelector(`[id="${old.id}"]`) || event.detail.fragment.firstElementChild;
  if (!fresh || !/^(boxes|chips)-/.test(old.id)) return;
  event.detail.shouldSwap = false;
  if (old.matches(".chips")) mergeItems(old, fresh);
  else mergeGroups(old, fresh);
});

// A connection that is lost: what was typed stays, and is sent when the program answers again.
let lost = false;

document.addEventListener("htmx:sendError", (event) => {
  const form = event.target.closest("form[data-row]");
  if (form) form.dataset.unsaved = "1";
  say("Не сохранено: нет связи с программой", "failed");
  if (lost) return;
  lost = true;
  document.getElementById("lost").hidden = false;
  const ask = async () => {
    try {
      await fetch("/alive", { cache: "no-store" });
    } catch {
      setTimeout(ask, 1000);
      return;
    }
    lost = false;
    document.getElementById("lost").hidden = true;
    for (const unsaved of document.querySelectorAll("form[data-unsaved]")) htmx.trigger(unsaved, "again");
  };
  setTimeout(ask, 1000);
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-unsaved]")) event.preventDefault();
});

// Keys: the next document, the one before, save and go on.
function rowOf(element) {
  return element && element.closest(".row");
}

function enter(row) {
  const link = row.querySelector(".row-title a");
  if (link) link.click();
  else (row.querySelector("input[type=text]") || row).focus();
}

function goOn(form) {
  const row = rowOf(form);
  const next = row.nextElementSibling;
  form.folding = true; // what is done is folded
  row.querySelector("[data-close]")?.click();
  if (next) enter(next);
  else document.getElementById("add")?.click();
}

document.addEventListener("keydown", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  if (event.key === "Enter" && event.ctrlKey) {
    const form = row.querySelector("form[data-row]");
    if (!form) return;
    event.preventDefault();
    if (form.matches("[data-entry]")) form.requestSubmit();
    else whenSaved(form, () => goOn(form));
  } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const other = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    if (!other) return;
    event.preventDefault();
    const target = other.querySelector(".row-title a, input[type=text]");
    if (target) target.focus();
  }
});

// The focus goes to the row that somebody opened, added or folded, and to no other that comes meanwhile.


document.addEventListener("click", (event) => {
  const row = rowOf(event.target);
  if (event.target.closest("#add")) wanted = "new";
  else if (row && event.target.closest(".row-title a")) wanted = row.id;
  else if (row && event.isTrusted && event.target.closest("[data-close], [data-fold]")) wanted = row.id;
});

document.addEventListener("htmx:load", (event) => {
  const row = event.target;
  if (!row.classList || !row.classList.contains("row")) return;
  const mark = row.querySelector("form[data-row]:not([data-entry]) input[name=etag]");
  const fresh = row.parentElement?.lastElementChild === row && row.querySelector("form[data-entry]");
  if (wanted !== row.id && !(wanted === "new" && (fresh || (mark && mark.value === "")))) return;
  wanted = null;
  const target = row.querySelector("[aria-invalid=true]") || row.querySelector("[data-first], input[type=text], .row-title a");
  if (target) target.focus();
});

// A form that is sent by its button comes back as its row: folded where it was saved, open where something is wrong.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-entry]")) wanted = rowOf(event.target).id;
}, true);

// What is sent leads to another page, and is sent once however often one clicks: the answer to the first would be lost,
// and with it, for one, links that are shown once. Where a file comes instead, the page stays. A click long after is
// meant: somebody stopped the first.
const MEANT = 10_000; // milliseconds
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-gives-file]")) return;
  if (Date.now() - Number(form.dataset.sent || 0) < MEANT) event.preventDefault();
  else form.dataset.sent = String(Date.now());
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
