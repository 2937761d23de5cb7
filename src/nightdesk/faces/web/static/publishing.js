// Publishing: the calendar's pieces dragged or moved by keyboard, the dialog for a time, parts asked for anew.
const sheet = document.getElementById("sheet");
const body = document.getElementById("sheet_body");
const calendar = () => document.getElementById("calendar");
const moving = document.getElementById("calendar_move");
let dragged = null;

function wait() {
  body.replaceChildren(document.getElementById("sheet_waiting").content.cloneNode(true));
}

if (sheet) {
  wait();
  sheet.addEventListener("close", wait);
}

document.addEventListener("publishing:changed", () => {
  sheet?.close();
  for (const form of document.querySelectorAll("form[data-touched]")) delete form.dataset.touched;
  for (const place of document.querySelectorAll("main [data-live]")) place.dispatchEvent(new CustomEvent("changed"));
});

// A site or a zone that is chosen is shown at once.
document.addEventListener("change", (event) => event.target.closest("form[data-sends]")?.requestSubmit());

/** While a piece is in the hand the calendar stays as it is. */
document.addEventListener(
  "changed",
  (event) => {
    if (event.target.id === "calendar" && dragged) event.stopImmediatePropagation();
  },
  true,
);

function move(slot, day, hour) {
  const fields = moving.elements;
  fields.number.value = slot.dataset.number;
  fields.day.value = day;
  fields.hour.value = hour ?? "";
  moving.requestSubmit();
}

if (moving) {
  document.addEventListener("dragstart", (event) => {
    const slot = event.target.closest?.("[data-moves]");
    if (!slot) return;
    dragged = slot;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", slot.id);
    slot.classList.add("is-dragged");
  });
  document.addEventListener("dragover", (event) => {
    const place = event.target.closest?.("[data-drop-day]");
    for (const one of document.querySelectorAll(".takes")) if (one !== place) one.classList.remove("takes");
    if (!dragged || !place) return;
    place.classList.add("takes");
    event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const place = event.target.closest?.("[data-drop-day]");
    if (!dragged || !place) return;
    event.preventDefault();
    if (place.contains(dragged)) return;
    move(dragged, place.dataset.dropDay, place.dataset.dropHour);
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    for (const one of document.querySelectorAll(".takes")) one.classList.remove("takes");
  });
}

/** The day so many days on, as addresses have it. */
function later(day, days) {
  const found = new Date(`${day}T12:00:00Z`);
  found.setUTCDate(found.getUTCDate() + days);
  return found.toISOString().slice(0, 10);
}

function shift(slot, step) {
  const hour = slot.closest("[data-drop-hour]")?.dataset.dropHour;
  if (hour === undefined) return move(slot, later(slot.dataset.day, step));
  const wanted = Number(hour) + step;
  if (wanted >= 0 && wanted < 24) move(slot, slot.dataset.day, String(wanted));
}

// The keyboard goes on at the piece that was moved, wherever it stands then.
let held = null;
document.addEventListener("keydown", (event) => {
  const slot = event.target;
  if (!slot.matches?.(".slot") || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = [...calendar().querySelectorAll(".slot")];
  if (event.key === "ArrowDown") all[all.indexOf(slot) + 1]?.focus();
  else if (event.key === "ArrowUp") all[all.indexOf(slot) - 1]?.focus();
  else if (event.key === "Enter") slot.querySelector("a").click();
  else if ((event.key === "]" || event.key === "[") && slot.matches("[data-moves]") && moving) {
    held = slot.id;
    shift(slot, event.key === "]" ? 1 : -1);
  } else return;
  event.preventDefault();
});
document.addEventListener("htmx:after:swap", () => {
  if (held && !document.activeElement?.closest(".slot, dialog")) document.getElementById(held)?.focus();
});
