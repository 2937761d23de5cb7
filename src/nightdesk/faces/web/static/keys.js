// Single keys of a page: `data-key` on a button or link is pressed by that key, and told of in the list of keys.
const SECOND = 1500;
let first = -Infinity;

export const typing = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

/** Calls `act` for a key pressed alone, nowhere in a field or dialog, and not as the second of two. */
export function onKey(act) {
  document.addEventListener("keydown", (event) => {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "g") first = event.timeStamp;
    else if (event.timeStamp - first < SECOND) first = -Infinity;
    else act(event);
  });
}

onKey((event) => {
  const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
  if (!found) return;
  event.preventDefault();
  found.click();
});

/** A textarea that is sent by Ctrl and Enter. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("dialog")?.querySelector("button[type=submit]");
  if (form) form.click();
});

const list = document.querySelector("#keys .key-list");
const more = document.getElementById("page_keys");
if (list && more) list.append(more.content.cloneNode(true));
if (list) {
  for (const one of document.querySelectorAll("[data-key][data-key-says]")) {
    const [term, says, key] = ["dt", "dd", "kbd"].map((name) => document.createElement(name));
    key.textContent = one.dataset.key;
    says.textContent = one.dataset.keySays;
    term.append(key);
    list.append(term, says);
  }
}

// What was just done is said as a toast; the address forgets it, so that it is not said again.
const said = document.querySelector("#said > [data-toast]");
if (said) document.getElementById("toasts").append(said);
const here = new URL(location);
if (here.searchParams.has("decided") || here.searchParams.has("changed")) {
  here.searchParams.delete("decided");
  here.searchParams.delete("changed");
  history.replaceState(history.state, "", here);
}
