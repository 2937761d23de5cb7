// Search and commands by keyboard: Ctrl-K or / opens, letters narrow, arrows choose, Enter goes.
const palette = document.getElementById("palette");
const keys = document.getElementById("keys");
const typing = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
const SECOND = 1500;
// When "g" was pressed, by the clock of the keyboard: a page that was busy in between takes no time away.
let first = -Infinity;

function open() {
  if (palette.open) return;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  palette.showModal();
  input.value = "";
  narrow();
  input.focus();
}

const input = document.getElementById("palette-input");
const found = document.getElementById("palette_found");
const items = () => [...palette.querySelectorAll(".palette-item:not([hidden])")];

function choose(item) {
  for (const one of palette.querySelectorAll('[aria-selected="true"]')) one.removeAttribute("aria-selected");
  item?.setAttribute("aria-selected", "true");
  item?.scrollIntoView({ block: "nearest" });
  if (item) {
    item.id ||= `palette-${crypto.randomUUID?.() ?? Math.random()}`;
    input.setAttribute("aria-activedescendant", item.id);
  }
}

function narrow() {
  const wanted = input.value.trim().toLowerCase();
  // What was found for other letters stays only where it fits these too, until the answer is there.
  if (!wanted) found.replaceChildren();
  for (const item of palette.querySelectorAll(".palette-item")) {
    const says = item.dataset.says ?? item.textContent.toLowerCase();
    item.hidden = !wanted.split(/\s+/).every((word) => says.includes(word));
  }
  choose(items()[0]);
}

if (palette) {
  input.addEventListener("input", narrow);
  new MutationObserver(() => choose(items()[0])).observe(found, { childList: true });
  input.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.findIndex((item) => item.getAttribute("aria-selected"));
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" && all[at]) location.assign(all[at].href);
    else if (event.key === "Escape") {
      // A field that has gone keeps the keys until the next frame, unless it lets go of them.
      input.blur();
      palette.close();
    }
    else return;
    event.preventDefault();
  });
  palette.addEventListener("click", (event) => event.target === palette && palette.close());
  for (const opener of document.querySelectorAll('[data-opens="palette"]')) opener.addEventListener("click", open);

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
      return;
    }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      event.preventDefault();
      open();
    } else if (event.key === "?") {
      keys.showModal();
    } else if (event.timeStamp - first < SECOND) {
      const link = document.querySelector(`[data-keys="${CSS.escape(`g ${event.key}`)}"]`);
      first = -Infinity;
      if (link) location.assign(link.href);
    } else if (event.key === "g") first = event.timeStamp;
  });
}
