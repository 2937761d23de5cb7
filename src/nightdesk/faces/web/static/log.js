// Carries a log on, line by line by its events' numbers: nothing is lost and nothing comes twice.
const AGAIN = 2000;
let busy = false;
let asked = false;
let follow = true;

const panel = () => document.getElementById("log");
const list = () => panel()?.querySelector(".log-lines");

function atEnd(lines) {
  return lines.scrollHeight - lines.scrollTop - lines.clientHeight < 24;
}

function show() {
  const lines = list();
  if (!lines) return;
  panel().querySelector("[data-log-follow]")?.setAttribute("aria-pressed", String(follow));
  if (follow) lines.scrollTop = lines.scrollHeight;
}

/** The lines after the last one shown; whether there may be more yet. */
async function ask() {
  const shown = panel();
  if (!shown?.dataset.run) return;
  const { run, lines: most, level } = shown.dataset;
  const last = list().dataset.last;
  const address = `/runs/${run}/log?${new URLSearchParams({ after: last, lines: most, level })}`;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(String(answer.status));
  if (answer.status === 204) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const came = holder.content.querySelector(".log-lines");
  if (panel() !== shown || list().dataset.last !== last || !came) return;
  append(list(), came, Number(most));
}

function append(lines, came, most) {
  const newest = Math.max(0, ...[...lines.children].slice(-1).map((line) => Number(line.dataset.id)));
  lines.append(...[...came.children].filter((line) => Number(line.dataset.id) > newest));
  lines.dataset.last = came.dataset.last;
  while (lines.children.length > most) lines.firstElementChild.remove();
  show();
}

async function carryOn() {
  asked = true;
  if (busy) return;
  busy = true;
  try {
    while (asked) {
      asked = false;
      await ask();
    }
  } catch {
    setTimeout(carryOn, AGAIN);
  } finally {
    busy = false;
  }
}

/** Once another run holds the line, its log takes the place of the one before. */
function changeOver() {
  const run = document.querySelector("[data-shows-run]")?.dataset.showsRun;
  const shown = panel();
  if (run && shown && shown.dataset.run !== run) shown.dispatchEvent(new Event("renew"));
}

document.addEventListener("nightdesk:changed", (event) => {
  const { words } = event.detail;
  if (words === null || words.includes("log") || words.includes("run")) carryOn();
});
document.addEventListener("htmx:after:swap", () => {
  changeOver();
  if (!list()?.dataset.watched) watch();
});

function watch() {
  const lines = list();
  if (!lines) return;
  lines.dataset.watched = "yes";
  lines.addEventListener("scroll", () => {
    const now = atEnd(lines);
    if (now === follow) return;
    follow = now;
    show();
  });
  show();
}

/** The clipboard is for secure pages alone; elsewhere the lines are selected and copied as a person would. */
async function copy(lines) {
  if (navigator.clipboard) {
    const says = (line) => [...line.children].map((part) => part.textContent.trim()).join("  ");
    return navigator.clipboard.writeText([...lines.children].map(says).join("\n"));
  }
  getSelection().selectAllChildren(lines);
  document.execCommand("copy");
}

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-log-follow]")) {
    follow = !follow;
    show();
  }
  const button = event.target.closest("[data-log-copy]");
  if (!button) return;
  await copy(list());
  button.lastChild.textContent = " Copied";
  setTimeout(() => (button.lastChild.textContent = " Copy"), 2000);
});

watch();
carryOn();
