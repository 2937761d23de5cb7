// The Line page and a run's page: seconds that count, the dialog that is filled when opened, and the log.
import "./log.js";

const began = new WeakMap();

function lasted(seconds) {
  const whole = Math.max(Math.round(seconds), 0);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${String(whole % 60).padStart(2, "0")} s` : `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** Each number of seconds goes on from what the server said when it last said something else. */
function count() {
  for (const place of document.querySelectorAll("[data-seconds]")) {
    const given = place.dataset.seconds;
    const known = began.get(place);
    if (known?.given !== given) began.set(place, { given, at: performance.now() });
    const { at } = began.get(place);
    place.textContent = lasted(Number(given) + (performance.now() - at) / 1000);
  }
}
setInterval(count, 1000);

const sheet = document.getElementById("sheet");
const body = document.getElementById("sheet_body");

function wait() {
  body.replaceChildren(document.getElementById("sheet_waiting").content.cloneNode(true));
}

if (sheet) {
  wait();
  sheet.addEventListener("close", () => {
    wait();
    // What was done in the dialog need not have been an event.
    document.getElementById("line")?.dispatchEvent(new CustomEvent("changed"));
  });
}

/** A form that was taken closes its dialog; of one that was not, the first field at fault gets the focus. */
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.sourceElement;
  if (!form?.matches?.("[data-done-closes]")) return;
  if (ctx.response.status < 400) form.closest("dialog")?.close();
  else form.dataset.refused = "yes";
});

/** Whatever the messages beside fields say, their inputs say too. */
document.addEventListener("htmx:after:swap", () => {
  for (const says of document.querySelectorAll("#sheet [data-says-of]")) {
    const field = says.closest("[data-field-of]");
    const wrong = says.textContent.trim() !== "";
    field.classList.toggle("is-wrong", wrong);
    for (const input of field.querySelectorAll("input, select, textarea"))
      if (wrong && input.checkVisibility()) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
  }
  const refused = document.querySelector("[data-refused]");
  refused?.querySelector('[aria-invalid="true"]')?.focus();
  refused?.removeAttribute("data-refused");
});
