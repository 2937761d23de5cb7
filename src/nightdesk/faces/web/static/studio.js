// The studio and a video's page: the dialog that is filled when opened, and parts asked for anew after a change.
import "./keys.js";

const sheet = document.getElementById("sheet");
const body = document.getElementById("sheet_body");

function wait() {
  body.replaceChildren(document.getElementById("sheet_waiting").content.cloneNode(true));
}

if (sheet) {
  wait();
  sheet.addEventListener("close", wait);
}

// What was taken closes the dialog; what was not stays in it, with what was typed.
document.addEventListener("video:taken", () => sheet?.close());
document.addEventListener("video:changed", () => {
  for (const place of document.querySelectorAll("main [data-live]")) place.dispatchEvent(new CustomEvent("changed"));
});

// One sound at a time: what begins to play has the others stop.
document.addEventListener(
  "play",
  (event) => {
    for (const other of document.querySelectorAll("audio, video")) if (other !== event.target) other.pause();
  },
  true,
);

// What was folded or unfolded beside a video stays so when that part of the page is asked for anew.
const folds = new Map();
const named = (one) => one.querySelector("summary").textContent.trim();
document.addEventListener("click", (event) => {
  const fold = event.target.closest("#rail summary")?.parentElement;
  if (fold) folds.set(named(fold), !fold.open);
});
document.addEventListener("htmx:after:swap", () => {
  for (const one of document.querySelectorAll("#rail details"))
    if (folds.has(named(one))) one.open = folds.get(named(one));
});
