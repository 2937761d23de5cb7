// The forms of publishing: who fills in a time means it, and what is being filled in is not drawn anew.
document.addEventListener("input", (event) => {
  const radio = document.getElementById(event.target.dataset?.chooses ?? "");
  if (radio) radio.checked = true;
  const form = event.target.closest("#publishing form, #publication form");
  if (form) form.dataset.touched = "";
});
document.addEventListener(
  "changed",
  (event) => {
    if (["publishing", "publication"].includes(event.target.id) && event.target.querySelector("form[data-touched]"))
      event.stopImmediatePropagation();
  },
  true,
);
