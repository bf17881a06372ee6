// What the page adds to what the server says: unsaved and saved, a lost connection, keys, and marks of wrong fields.
// No verdict is made here.
"use strict";

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

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-row]");
  if (!form || event.target.type === "checkbox") return;
  form.dataset.unsaved = "1";
  say("Ещё не сохранено", "waiting");
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("form[data-row]");
  if (!form) return;
  form.sent = new Map([...form.querySelectorAll("[data-combobox]")].map((box) => [box, box.value]));
  delete form.dataset.unsaved;
  say("Сохраняется…", "waiting");
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form[data-row]");
  if (!form || event.detail.requestConfig.verb !== "post" || !event.detail.xhr.status) return;
  if (event.detail.successful) {
    for (const [box, value] of form.sent || []) if (box.value === value) box.value = "";
    for (const mark of document.querySelectorAll("input[data-etag]")) {
      const now = document.getElementById(`etag-${mark.dataset.etag}`);
      if (now) mark.value = now.value;
    }
    if (form.dataset.unsaved) say("Ещё не сохранено", "waiting");
    if (form.next) goOn(form, 1);
  } else {
    say("Не сохранено", "failed");
    form.dataset.unsaved = "1";
    tell("Не сохранено. Что не так, написано под строкой.");
  }
  form.next = false;
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
  if (!link) return (row.querySelector("input[type=text]") || row).focus();
  document.addEventListener("htmx:load", function opened(event) {
    if (event.target.id !== row.id) return;
    document.removeEventListener("htmx:load", opened);
    const field = event.target.querySelector("input[type=text]");
    if (field) field.focus();
  });
  link.click();
}

function goOn(form, step) {
  const row = rowOf(form);
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  if (next) enter(next);
  else if (step > 0) document.getElementById("add").click();
}

document.addEventListener("keydown", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  if (event.key === "Enter" && event.ctrlKey) {
    const form = row.querySelector("form[data-row]");
    if (!form) return;
    event.preventDefault();
    form.next = true;
    htmx.trigger(form, "again");
  } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const other = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    if (!other) return;
    event.preventDefault();
    const target = other.querySelector(".row-title a, input[type=text]");
    if (target) target.focus();
  }
});

// A row that was just opened or added gets the focus; one that was closed gives it to its title.
document.addEventListener("htmx:load", (event) => {
  const row = event.target;
  if (!row.classList || !row.classList.contains("row") || document.activeElement !== document.body) return;
  const target = row.querySelector("input[type=text], .row-title a");
  if (target) target.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.id === "add") document.activeElement.blur();
});
