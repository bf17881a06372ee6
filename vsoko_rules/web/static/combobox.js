// A search box over names (WAI-ARIA combobox with a list): what is chosen becomes a ticked box above it.
// Without this script the browser offers the same names by itself, and the server understands what is typed.
"use strict";

const MOST = 30;
const plain = (text) => text.toLocaleLowerCase("ru").replaceAll("ё", "е");

function namesOf(input) {
  return [...document.getElementById(input.dataset.combobox).options].map((option) => ({
    code: option.dataset.code,
    name: option.value,
  }));
}

function dress(input) {
  if (input.list_) return;
  const list = document.createElement("ul");
  list.id = `${input.id}-options`;
  list.className = "options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  list.hidden = true;
  input.after(list);
  input.removeAttribute("list");
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
  })) input.setAttribute(name, value);
  input.list_ = list;
}

function close(input) {
  input.list_.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function show(input) {
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  const taken = new Set([...input.closest("fieldset").querySelectorAll(".chips input:checked")].map((box) => box.value));
  const row = input.closest("form").dataset.row;
  const found = namesOf(input)
    .filter(({ code, name }) => code !== row && !taken.has(code) && words.every((word) => plain(name).includes(word)))
    .slice(0, MOST);
  input.list_.replaceChildren(
    ...found.map(({ code, name }, number) => {
      const option = document.createElement("li");
      option.id = `${input.list_.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.code = code;
      option.textContent = name;
      return option;
    }),
  );
  input.list_.hidden = !found.length;
  input.setAttribute("aria-expanded", String(found.length > 0));
  input.removeAttribute("aria-activedescendant");
}

function move(input, step) {
  const options = [...input.list_.children];
  if (!options.length) return;
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length];
  for (const option of options) option.setAttribute("aria-selected", String(option === next));
  input.setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}

function choose(input, option) {
  const fieldset = input.closest("fieldset");
  const label = document.createElement("label");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name: fieldset.dataset.name, value: option.dataset.code, checked: true });
  label.append(box, ` ${option.textContent}`);
  const chip = document.createElement("li");
  chip.append(label);
  fieldset.querySelector(".chips").append(chip);
  input.value = "";
  close(input);
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("focusin", (event) => {
  if (event.target.dataset && event.target.dataset.combobox) dress(event.target);
});
document.addEventListener("focusout", (event) => {
  if (event.target.list_) close(event.target);
});
document.addEventListener("input", (event) => {
  if (event.target.list_) show(event.target);
});
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest && event.target.closest(".options li");
  if (!option) return;
  event.preventDefault();
  choose(option.parentElement.previousElementSibling, option);
});
document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.list_) return;
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
    event.preventDefault();
    if (input.list_.hidden) show(input);
    move(input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && !event.ctrlKey) {
    const chosen = input.list_.querySelector("[aria-selected=true]");
    if (chosen) {
      event.preventDefault();
      choose(input, chosen);
    }
  } else if (event.key === "Escape" && !input.list_.hidden) {
    event.preventDefault();
    close(input);
  }
});
