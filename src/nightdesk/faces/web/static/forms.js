// Small help with forms: the browser's time zone as the first guess, and messages that go once corrected.
for (const select of document.querySelectorAll("[data-own-timezone]")) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === own)) select.value = own;
}

document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-field-of].is-wrong");
  if (!field) return;
  field.classList.remove("is-wrong");
  field.querySelector("[data-says-of]").textContent = "";
  event.target.removeAttribute("aria-invalid");
});
