// Keeps what is pressed, typed and chosen before the page's scripts are there, and tells them of it once they are.
"use strict";
(() => {
  const BY_ITSELF = ["Tab", "Shift", "Control", "Alt", "Meta", "Escape"];
  const kept = [];
  let keys = false;
  const field = (at) => at.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const hold = (event, act) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    kept.push(act);
  };
  const clicked = (event) => {
    // What a person pressed is the nearest such thing: a link or box inside what asks by itself does its own work.
    const at = event.target.closest?.("a, button, input, select, textarea, label, summary, [data-opens]");
    if (at?.matches("button, [hx-get], [hx-post], [data-opens]")) hold(event, () => at.isConnected && at.click());
  };
  const pressed = (event) => {
    // Enter and the space bar press what has the focus by themselves, unless a kept key moves it first.
    const natural = event.key === "Enter" || event.key === " ";
    if (BY_ITSELF.includes(event.key) || field(event.target) || (natural && !keys)) return;
    keys = true;
    const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
    hold(event, () => {
      const at = document.activeElement ?? document.body;
      const again = new KeyboardEvent("keydown", { key, code, ctrlKey, metaKey, altKey, shiftKey, bubbles: true, cancelable: true });
      if (at.dispatchEvent(again) && natural) at.click();
    });
  };
  // A field keeps what it was given by itself; only who listens to it is told again.
  const given = ({ target, type }) => kept.push(() => target.isConnected && target.dispatchEvent(new Event(type, { bubbles: true })));
  const watched = { click: clicked, keydown: pressed, input: given, change: given };
  for (const [name, act] of Object.entries(watched)) document.addEventListener(name, act, true);
  const awake = () => {
    for (const [name, act] of Object.entries(watched)) document.removeEventListener(name, act, true);
    for (const act of kept) act();
  };
  // After every other listener of this moment, htmx's own among them.
  document.addEventListener("DOMContentLoaded", () => setTimeout(awake));
})();
