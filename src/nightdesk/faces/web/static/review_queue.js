// The queue by keyboard and in bulk: what is selected stays so while the list changes.
import { onKey } from "./keys.js";

const chosen = new Set();
const bulk = document.getElementById("bulk");
const note = document.getElementById("note");
const NOTES = { send_back: "Send back", reject: "Reject" };
let last = -1;

const rows = () => [...document.querySelectorAll("[data-row]")];
const box = (row) => row?.querySelector("input[type=checkbox]");
/** An article and a video may have the same number. */
const key = (one) => `${one.name} ${one.value}`;
const at = () => rows().findIndex((row) => row.contains(document.activeElement));

function go(to) {
  const all = rows();
  if (!all.length) return;
  last = Math.max(0, Math.min(to, all.length - 1));
  const link = all[last].querySelector(".queue-title");
  link.focus();
  all[last].scrollIntoView({ block: "nearest" });
}

function tell() {
  if (!bulk) return;
  bulk.hidden = chosen.size === 0;
  document.getElementById("bulk_count").textContent = chosen.size ? `${chosen.size} selected` : "";
}

/** After the list was drawn anew: what is still there is selected again, and the focus is where it was. */
function settle() {
  const there = new Set();
  for (const row of rows()) {
    const one = box(row);
    if (!one) continue;
    one.checked = chosen.has(key(one));
    row.classList.toggle("is-chosen", one.checked);
    there.add(key(one));
  }
  for (const value of chosen) if (!there.has(value)) chosen.delete(value);
  tell();
}

function choose(one, on) {
  one.checked = on;
  on ? chosen.add(key(one)) : chosen.delete(key(one));
  one.closest("[data-row]").classList.toggle("is-chosen", on);
  tell();
}

/** What is decided on: all that are selected, else the row with the focus. */
function subject() {
  if (chosen.size) return chosen.size;
  const one = box(rows()[at()]);
  if (one) choose(one, true);
  return chosen.size;
}

function ask(decision) {
  const count = subject();
  if (!count) return;
  const yes = document.getElementById("note_yes");
  yes.value = decision;
  yes.textContent = document.getElementById("note_title").textContent = NOTES[decision];
  document.getElementById("note_about").textContent = count === 1 ? "One piece, with this note." : `${count} pieces, with this one note.`;
  if (!note.open) note.showModal();
  note.querySelector("textarea").focus();
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-row] input[type=checkbox]")) choose(event.target, event.target.checked);
});
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-note]");
  if (opener) ask(opener.dataset.note);
  if (event.target.closest("#bulk_none")) {
    chosen.clear();
    settle();
  }
});
document.addEventListener("htmx:after:swap", () => {
  settle();
  if (document.activeElement === document.body && last >= 0) go(last);
});
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement?.id !== "decide" || ctx.response?.status >= 400) return;
  chosen.clear();
  if (note?.open) note.close();
  if (note) note.querySelector("textarea").value = "";
});

function approve() {
  if (subject()) bulk.querySelector('[value="approve"]')?.click();
}
const ACTS = {
  j: () => go(at() + 1),
  ArrowDown: () => go(at() + 1),
  k: () => go(at() < 0 ? 0 : at() - 1),
  ArrowUp: () => go(at() < 0 ? 0 : at() - 1),
  x: () => box(rows()[at()])?.click(),
  a: approve,
  b: () => bulk?.querySelector('[data-note="send_back"]') && ask("send_back"),
  r: () => bulk?.querySelector('[data-note="reject"]') && ask("reject"),
};
onKey((event) => {
  const act = ACTS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
