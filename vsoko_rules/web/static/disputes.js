// Keys on the page of disputes: save and go on, the next one, the one before.
"use strict";

(() => {
  const forms = () => [...document.querySelectorAll("form[data-dispute]")];
  const go = (form) => {
    const field = form && (form.querySelector("input[type=radio]:checked") || form.querySelector("input[type=radio]"));
    if (field) field.focus();
  };

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("form[data-dispute]");
    if (!form) return;
    const all = forms();
    const at = all.indexOf(form);
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.onward = true;
      htmx.trigger(form, "submit");
    } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      go(all[at + (event.key === "ArrowDown" ? 1 : -1)]);
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (!form.matches || !form.matches("form[data-dispute]")) return;
    if (form.onward && event.detail.successful) go(forms()[forms().indexOf(form) + 1]);
    form.onward = false;
  });
})();
