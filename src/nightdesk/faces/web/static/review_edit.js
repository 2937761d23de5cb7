// The editor: saved by Ctrl and S, and nothing typed is left by mistake.
import "./keys.js";

const form = document.getElementById("edit");
const first = new URLSearchParams(new FormData(form)).toString();
let leaving = false;
const changed = () => form.hasAttribute("data-unsaved") || new URLSearchParams(new FormData(form)).toString() !== first;

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  form.requestSubmit();
});
form.addEventListener("submit", () => (leaving = true));
addEventListener("beforeunload", (event) => {
  if (!leaving && changed()) event.preventDefault();
});
if (location.hash.startsWith("#field-")) document.getElementById(location.hash.slice(1))?.focus();
