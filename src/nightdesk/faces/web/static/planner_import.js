// The import: a file dropped or chosen is looked at by the desk, then taken in with a bar that moves.
import { choose, takeFiles } from "./dropping.js";
import { tell } from "./toasts.js";

const form = document.getElementById("import");
const input = document.getElementById("field-file");
const drop = form.querySelector("[data-drop]");
const number = new Intl.NumberFormat("en-US");

takeFiles(drop, (files) => {
  if (files.length > 1) tell("One file at a time: the first was taken.", "info");
  const first = new DataTransfer();
  first.items.add(files[0]);
  choose(input, first.files);
});

// The words beside the button are of the file before.
input.addEventListener("change", () => (document.getElementById("says-file").textContent = ""));
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("htmx:after:swap", () => {
  const begun = Boolean(document.querySelector("#preview > *"));
  drop.classList.toggle("is-small", begun);
  if (begun && document.activeElement === document.body) document.getElementById("preview").focus({ preventScroll: true });
});

/** Each event of the stream, as it comes. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) if (part.startsWith("data: ")) yield JSON.parse(part.slice(6));
  }
}

function bar() {
  const place = document.createElement("div");
  place.className = "card card-body import-running";
  const says = document.createElement("p");
  says.setAttribute("role", "status");
  says.textContent = "The file is sent.";
  const line = document.createElement("progress");
  line.className = "progress-line";
  line.setAttribute("aria-label", "Keywords stored");
  place.append(says, line);
  form.replaceWith(place);
  return (done, total) => {
    line.max = total || 1;
    line.value = done;
    says.textContent = `${number.format(done)} of ${number.format(total)} keywords stored. This goes on when you leave the page.`;
  };
}

function finish({ report, csv, name }) {
  const holder = document.createElement("div");
  holder.innerHTML = report;
  const link = holder.querySelector("[data-report]");
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  document.querySelector(".import-running").replaceWith(holder);
  holder.querySelector(".import-report").focus();
}

async function run() {
  const data = new FormData(form);
  const move = bar();
  let ended = false;
  try {
    const answer = await fetch(form.dataset.run, { method: "POST", body: data, headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    for await (const told of events(answer.body)) {
      if (told.report === undefined) move(told.done, told.total);
      else {
        ended = true;
        finish(told);
      }
    }
  } catch {
    // What is said below is all that can be said.
  }
  if (ended) return;
  document.querySelector(".import-running")?.replaceWith(form);
  tell("The import broke off before it was complete, and nothing of it was stored. Try again.", "danger");
}

form.addEventListener("click", (event) => event.target.closest("[data-import]") && run());
