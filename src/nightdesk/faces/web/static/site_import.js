// Import of a site: a file dropped or chosen is looked at by the desk before anything is made.
import { choose, takeFiles } from "./dropping.js";

const form = document.getElementById("carry");
const input = document.getElementById("field-file");

takeFiles(form.querySelector("[data-drop]"), (files) => {
  const first = new DataTransfer();
  first.items.add(files[0]);
  choose(input, first.files);
});

// What was said of the file before is not about this one.
input.addEventListener("change", () => {
  document.getElementById("says-file").textContent = "";
  document.getElementById("brought").replaceChildren();
});
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("htmx:after:swap", () => {
  if (document.querySelector("#brought > *")) document.getElementById("brought").focus({ preventScroll: true });
});
