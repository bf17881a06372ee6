// Files dropped on the page, keys of the questions about them, and sentences that become quotes.
// Without this script every question is answered by its buttons, and files are chosen.
"use strict";

// --- Dropping files and folders
async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((give, fail) => entry.file(give, fail))];
  if (/[._]files$/.test(entry.name)) return []; // the parts of a saved page are no documents
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((give, fail) => reader.readEntries(give, fail));
    if (!some.length) return found;
    for (const each of some) found.push(...(await filesOf(each)));
  }
}

function tooMuch(form) {
  const input = form.querySelector("input[type=file]");
  const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
  const over = size > Number(form.dataset.drop) * 1e6;
  document.getElementById("given-wrong").hidden = !over;
  return over;
}

for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (document.querySelector("form[data-drop]")) event.preventDefault(); // else the browser leaves for the file
  });
}

document.addEventListener("dragover", (event) => {
  const form = document.querySelector("form[data-drop]");
  if (form) form.classList.toggle("over", form.contains(event.target));
});

document.addEventListener("drop", async (event) => {
  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  form.classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
  let found = [...event.dataTransfer.files];
  if (entries.some((entry) => entry && entry.isDirectory)) {
    found = (await Promise.all(entries.filter(Boolean).map(filesOf))).flat();
  }
  if (!found.length) return;
  const chosen = new DataTransfer();
  for (const file of found) chosen.items.add(file);
  form.querySelector("input[type=file]").files = chosen.files;
  if (!tooMuch(form)) form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.drop) return;
  if (tooMuch(event.target)) event.preventDefault();
  else tell("Файлы передаются.");
});

// --- Keys: letters can be switched off (WCAG 2.1.4), and that is remembered
const LETTERS = { "д": ".yes", "н": ".no", "?": ".unsure" };
const OFF = "vsoko.letters.off";

const letters = document.getElementById("letters");
if (letters) {
  letters.checked = localStorage.getItem(OFF) === null;
  letters.addEventListener("change", () => {
    if (letters.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}

const typing = (element) => element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

document.addEventListener("keydown", (event) => {
  const asking = document.getElementById("asking");
  if (!asking || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || typing(event.target)) return;
  const claims = [...asking.querySelectorAll("form.claim")];
  const at = claims.findIndex((claim) => claim.contains(event.target));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target.closest("[data-text]")) return; // there arrows go from sentence to sentence
    const next = claims[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.querySelector(".yes").focus();
  } else if (letters && letters.checked && !event.target.closest("[data-text]")) {
    const key = event.key.toLocaleLowerCase("ru");
    const button = key === "с" ? asking.querySelector(".next") : LETTERS[key] && claims[Math.max(at, 0)]?.querySelector(LETTERS[key]);
    if (!button) return;
    event.preventDefault();
    button.click();
  }
});

// --- A click on a sentence takes it at once; arrows only choose, and Enter takes
let pointed = false; // arrows make clicks too

document.addEventListener("pointerdown", (event) => {
  pointed = Boolean(event.target.closest && event.target.closest("label.sentence"));
});

document.addEventListener("click", (event) => {
  if (!pointed || !event.target.matches("label.sentence input")) return;
  pointed = false;
  take(event.target);
});

function take(sentence) {
  const content = sentence.form.querySelector("select[name=content]");
  if (!content) return;
  if (content.value) {
    sentence.checked = true;
    sentence.form.requestSubmit();
    return;
  }
  content.focus();
  tell("Сначала выберите, что показывает цитата.");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("label.sentence input")) return;
  event.preventDefault();
  take(event.target);
});

// The text comes anew with the quote marked; it stays where it was scrolled to.
let scrolled = 0;

document.addEventListener("htmx:beforeRequest", () => {
  scrolled = document.getElementById("beside")?.scrollTop || 0;
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.target.id === "beside") event.target.scrollTop = scrolled;
});
