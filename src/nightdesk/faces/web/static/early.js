// Keeps what is pressed before the page's scripts are there, and does it once they are: nothing pressed is lost.
"use strict";
(() => {
  const BY_ITSELF = ["Tab", "Shift", "Control", "Alt", "Meta", "Escape"];
  const kept = [];
  const field = (at) => at.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const hold = (event, act) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    kept.push(act);
  };
  const clicked = (event) => {
    const at = event.target.closest?.("button, [hx-get], [hx-post], [data-opens]");
    if (at) hold(event, () => at.isConnected && at.click());
  };
  const pressed = (event) => {
    // Enter and the space bar press what has the focus by themselves, unless a kept key moves it first.
    const natural = event.key === "Enter" || event.key === " ";
    if (BY_ITSELF.includes(event.key) || field(event.target) || (natural && !kept.length)) return;
    const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
    hold(event, () => {
      const at = document.activeElement ?? document.body;
      const again = new KeyboardEvent("keydown", { key, code, ctrlKey, metaKey, altKey, shiftKey, bubbles: true, cancelable: true });
      if (at.dispatchEvent(again) && natural) at.click();
    });
  };
  document.addEventListener("click", clicked, true);
  document.addEventListener("keydown", pressed, true);
  const awake = () => {
    document.removeEventListener("click", clicked, true);
    document.removeEventListener("keydown", pressed, true);
    for (const act of kept) act();
  };
  // After every other listener of this moment, htmx's own among them.
  document.addEventListener("DOMContentLoaded", () => setTimeout(awake));
})();
