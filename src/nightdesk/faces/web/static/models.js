// Unfolds the form of a choice, and shows what the chosen provider needs: a model, a key, or nothing.
function fit(form) {
  const picked = form.querySelector("[data-provider]").selectedOptions[0];
  const model = form.querySelector("[name=model]");
  const { says, model: need, list } = picked.dataset;
  form.querySelector("[data-provider-says]").textContent = says;
  form.querySelector("[data-model-field]").hidden = need === "none";
  form.querySelector("[data-key-field]").hidden = !("key" in picked.dataset);
  model.placeholder = need === "may" ? "its usual one" : "";
  if (list && document.getElementById(list)) model.setAttribute("list", list);
  else model.removeAttribute("list");
  price(form);
}

/** What the model that is typed costs, where the price list has it. */
function price(form) {
  const model = form.querySelector("[name=model]");
  const known = [...(model.list?.options ?? [])].find((option) => option.value === model.value);
  form.querySelector("[data-model-price]").textContent = known?.label ?? "";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unfolds]");
  if (!button) return;
  const form = document.getElementById(button.dataset.unfolds);
  form.hidden = !form.hidden;
  document.querySelector(`[aria-controls="${form.id}"]`).setAttribute("aria-expanded", String(!form.hidden));
  if (form.hidden) return;
  if (form.matches("[data-model-form]")) fit(form);
  form.querySelector("select, input:not([type=hidden])").focus();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-provider]")) return;
  const form = event.target.closest("form");
  form.querySelector("[name=model]").value = "";
  form.querySelector("[name=key]").value = "";
  fit(form);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-model-form]");
  if (form && event.target.name === "model") price(form);
});
