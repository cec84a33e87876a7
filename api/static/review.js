// Review by keyboard, and drafts that outlive a session: what is typed stays in this browser until it is recorded.
"use strict";
(() => {
  const DRAFT = "kg-draft:", forms = [...document.querySelectorAll("form[data-draft]")];
  const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit", "button"].includes(one.type) && !["csrf", "value"].includes(one.name));
  function store(act) { try { return act(localStorage); } catch (error) { return null; } }

  const forget = (thing) => store((kept) => { for (const kind of ["reject:", "correct:", ""]) kept.removeItem(DRAFT + kind + thing); });
  for (const one of document.querySelectorAll("[data-done]")) forget(one.dataset.done);
  for (const one of document.querySelectorAll("[data-saved]")) forget(one.dataset.saved);

  for (const form of forms) {
    const name = DRAFT + form.dataset.draft;
    form.addEventListener("input", () => {
      const told = Object.fromEntries(fields(form).filter((one) => one.type !== "radio" || one.checked).map((one) => [one.name, one.value]));
      store((kept) => kept.setItem(name, JSON.stringify(told)));
    });
    const told = JSON.parse(store((kept) => kept.getItem(name)) || "null");
    if (!told) continue;
    for (const one of fields(form)) {
      if (one.type === "radio") one.checked = told[one.name] === one.value;
      else if (typeof told[one.name] === "string") one.value = told[one.name];
    }
    const folded = form.closest("details"), note = document.querySelector(".note.draft");
    if (folded) folded.open = true;
    if (note) note.hidden = false;
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.tagName === "DETAILS") {
      for (const other of document.querySelectorAll(".verdicts details")) other.open = other === target ? !target.open : false;
      if (target.open) target.querySelector("select, input:not([type=hidden]), textarea").focus();
    } else target.click();
  });
  for (const form of document.querySelectorAll(".review-card form, .fields, .note form, form[data-draft]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      setTimeout(() => { delete form.dataset.sent; }, 8000);
    });
  }
})();
