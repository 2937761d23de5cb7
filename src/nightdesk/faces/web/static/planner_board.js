// The board: cards dragged from column to column, and all of it by keyboard.
let dragged = null;

const board = () => document.getElementById("board");
const cards = (lane) => [...lane.querySelectorAll(".board-card")];
const deed = (card, to) => card.querySelector(`[data-to="${to}"]`);

/** While a card is in the hand, or a menu is open, the board stays as it is. */
document.addEventListener(
  "changed",
  (event) => {
    if (event.target.id === "board" && (dragged || board().querySelector('[aria-expanded="true"]'))) event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.(".board-card[draggable]");
  if (!card) return;
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.id);
  card.classList.add("is-dragged");
  for (const lane of document.querySelectorAll("[data-lane]"))
    lane.classList.toggle("takes", Boolean(deed(card, lane.dataset.lane)));
});
document.addEventListener("dragover", (event) => {
  const lane = event.target.closest?.("[data-lane].takes");
  if (dragged && lane) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const lane = event.target.closest?.("[data-lane].takes");
  if (!dragged || !lane) return;
  event.preventDefault();
  deed(dragged, lane.dataset.lane)?.click();
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  for (const lane of document.querySelectorAll(".takes")) lane.classList.remove("takes");
});

const ON = { ideas: "queued", failed: "queued", aside: "ideas" };
const BACK = { queued: "ideas", ideas: "aside", failed: "ideas" };

function go(card, key) {
  const lane = card.closest("[data-lane]");
  const own = cards(lane);
  if (key === "ArrowDown" || key === "ArrowUp") return own[own.indexOf(card) + (key === "ArrowDown" ? 1 : -1)]?.focus();
  const lanes = [...document.querySelectorAll("[data-lane]")].filter((one) => cards(one).length);
  const next = lanes[lanes.indexOf(lane) + (key === "ArrowRight" ? 1 : -1)];
  return next && cards(next)[0].focus();
}

document.addEventListener("keydown", (event) => {
  const card = event.target;
  if (!card.matches?.(".board-card") || event.ctrlKey || event.metaKey || event.altKey) return;
  const lane = card.closest("[data-lane]").dataset.lane;
  if (event.key.startsWith("Arrow")) go(card, event.key);
  else if (event.key === "Enter") card.querySelector("[data-edits]")?.click();
  else if (event.key === "]") (deed(card, ON[lane]) ?? deed(card, BACK[lane]))?.click();
  else if (event.key === "[") deed(card, BACK[lane])?.click();
  else if (event.key === "Delete") deed(card, "drop")?.click();
  else return;
  event.preventDefault();
});

/** Cards that were asked for stay: the board is not drawn anew from its beginning until something is done. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-more]")) board().removeAttribute("data-live");
});

// The keyboard goes on where it was: at the card that now stands in the place of the one that was moved.
let place = null;
document.addEventListener("htmx:before:request", (event) => {
  const card = event.detail.ctx.sourceElement.closest?.(".board-card");
  if (!card || event.detail.ctx.request.method === "GET") return;
  const lane = card.closest("[data-lane]");
  place = { lane: lane.dataset.lane, at: cards(lane).indexOf(card) };
});
document.addEventListener("htmx:after:swap", () => {
  if (!place || document.activeElement.closest(".board-card, dialog")) return;
  const lane = document.querySelector(`[data-lane="${place.lane}"]`);
  const found = lane ? cards(lane) : [];
  const at = Math.min(place.at, found.length - 1);
  place = null;
  (found[at] ?? board()).focus({ preventScroll: true });
});
const sheet = document.getElementById("sheet");
sheet.addEventListener("close", () => {
  document.getElementById("sheet_body").replaceChildren(Object.assign(document.createElement("h2"), { id: "sheet_title", textContent: "One moment" }));
});
