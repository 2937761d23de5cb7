// A form that is checked as it is typed: whatever the messages beside its fields say, the fields show too.
for (const form of document.querySelectorAll("[data-checked]")) {
  const mark = () => {
    for (const says of form.querySelectorAll("[data-says-of]")) {
      const field = says.closest("[data-field-of]");
      const wrong = says.textContent.trim() !== "";
      field.classList.toggle("is-wrong", wrong);
      for (const input of field.querySelectorAll("input, select, textarea"))
        wrong ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
    }
  };
  new MutationObserver(mark).observe(form, { childList: true, characterData: true, subtree: true });
}
