// Toasts that come in answers: they go by themselves unless pointed at, and a message of a field goes to it.
const STAY = 7000;
// What offers something to press has to be reached by keyboard too (WCAG 2.2.1).
const STAY_TO_PRESS = 20000;
const place = document.getElementById("toasts");

/** Above an open dialog too: what was raised last into the top layer lies above what is there. */
function raise() {
  if (place.matches(":popover-open")) place.hidePopover();
  if (document.querySelector("dialog:modal")) place.showPopover();
}

function settle(note) {
  if (note.dataset.field && atField(note)) return;
  raise();
  const stay = note.querySelector("[hx-post]") || note.classList.contains("toast-danger") ? STAY_TO_PRESS : STAY;
  let timer = setTimeout(() => note.remove(), stay);
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("focusin", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => (timer = setTimeout(() => note.remove(), stay)));
}

/** Puts the message beside the field it is about, if that is on the page. */
function atField(note) {
  const says = document.querySelector(`[data-says-of="${CSS.escape(note.dataset.field)}"]`);
  if (!says) return false;
  says.textContent = note.querySelector("[data-toast-says]").textContent.trim();
  const field = says.closest("[data-field-of]");
  field.classList.add("is-wrong");
  field.closest("details")?.setAttribute("open", "");
  const input = field.querySelector("input, select, textarea");
  input?.setAttribute("aria-invalid", "true");
  input?.focus();
  note.remove();
  return true;
}

new MutationObserver((changes) => {
  for (const change of changes)
    for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) settle(node);
}).observe(place, { childList: true });

place.addEventListener("click", (event) => {
  const note = event.target.closest("[data-toast]");
  if (event.target.closest("[data-toast-close]")) note.remove();
});
// The button that undoes is gone only once its request has been answered, and the answer is in its place.
document.addEventListener("htmx:finally:request", (event) => event.target.closest?.("[data-toast]")?.remove());

/** Shows a toast that the page itself has something to say in. */
export function tell(says, kind = "info") {
  const note = document.createElement("div");
  note.className = `toast-note toast-${kind}`;
  note.dataset.toast = "";
  const text = document.createElement("span");
  text.className = "grow";
  text.dataset.toastSays = "";
  text.textContent = says;
  note.append(text);
  place.append(note);
}

document.addEventListener("htmx:error", () => tell("The desk does not answer. Nothing was changed; try again.", "danger"));
