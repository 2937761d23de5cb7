// What the pages of the planner share: rows that are ticked, how many that is, and what is done with them.
import { tell } from "./toasts.js";

const number = new Intl.NumberFormat("en-US");
const many = (n) => `${number.format(n)} ${n === 1 ? "row" : "rows"}`;
let last = null;

const bulk = () => document.querySelector("[data-bulk]");
const boxes = (form) => [...form.querySelectorAll('input[name="number"]')];

/** Shows what can be done with those that are ticked, and to how many it will be done. */
function update(form = bulk()) {
  const bar = form?.querySelector(".bulk-bar");
  if (!bar) return;
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked).length;
  const every = form.querySelector("[data-bulk-every]");
  const told = every?.value === "yes" ? Number(form.querySelector("[data-bulk-told]").value) : 0;
  const n = told || ticked;
  bar.hidden = !n;
  const page = form.querySelector("[data-bulk-page]");
  page.checked = ticked === all.length;
  page.indeterminate = ticked > 0 && ticked < all.length;
  bar.querySelector("[data-bulk-says]").textContent = told ? `All ${number.format(n)} that match` : `${number.format(n)} chosen`;
  const whole = bar.querySelector("[data-bulk-all]");
  if (whole) whole.hidden = Boolean(told) || ticked < all.length;
  for (const place of document.querySelectorAll("[data-bulk-n]")) place.textContent = many(n);
  for (const one of form.querySelectorAll("[data-least]")) one.hidden = n < Number(one.dataset.least);
  for (const one of bar.querySelectorAll("[data-deed]")) {
    if (told) {
      one.setAttribute("hx-confirm", `${one.dataset.deed}: all ${many(n)} that match, on this page and on the others?`);
      one.dataset.confirmYes = `${one.dataset.deed} ${number.format(n)}`;
    } else one.removeAttribute("hx-confirm");
  }
}

function forget(form) {
  const every = form.querySelector("[data-bulk-every]");
  if (every) every.value = form.querySelector("[data-bulk-told]").value = "";
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-bulk]");
  if (!form) return;
  if (event.target.matches("[data-bulk-page]")) for (const box of boxes(form)) box.checked = event.target.checked;
  forget(form);
  update(form);
});

document.addEventListener("click", async (event) => {
  const box = event.target.closest('[data-bulk] input[name="number"]');
  if (box) {
    const all = boxes(box.form);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = box.checked;
      update(box.form);
    }
    last = box;
  }
  const whole = event.target.closest("[data-bulk-all]");
  if (!whole) return;
  const form = whole.closest("[data-bulk]");
  const answer = await fetch(form.dataset.count, { headers: { Accept: "application/json" } });
  if (!answer.ok) return tell("The desk does not answer. Nothing was chosen; try again.", "danger");
  const { n, more, says } = await answer.json();
  if (more) return tell(says, "info");
  form.querySelector("[data-bulk-every]").value = "yes";
  form.querySelector("[data-bulk-told]").value = String(n);
  update(form);
});

/** A dialog that is opened for a row begins with what the row says; one for many names those that are ticked. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog?.classList.contains("sheet")) return;
  for (const [name, value] of Object.entries(opener.dataset)) {
    const input = name.startsWith("fill") && dialog.querySelector(`[name="${CSS.escape(name.slice(4).toLowerCase())}"]`);
    if (input) input.value = value;
  }
  const names = dialog.querySelector("[data-ticked]");
  if (!names) return;
  const ticked = boxes(bulk()).filter((box) => box.checked);
  names.replaceChildren(...ticked.map((box) => Object.assign(document.createElement("li"), { textContent: box.dataset.name })));
  const input = dialog.querySelector("[data-first-ticked]");
  input.value = ticked[0]?.dataset.name ?? "";
  input.select();
});

/** Up and down go from row to row; Enter in a list sends nothing. */
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-bulk] input[type=checkbox]");
  if (!box) return;
  if (event.key === "Enter") event.preventDefault();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const all = boxes(box.form);
  all[all.indexOf(box) + step]?.focus();
  event.preventDefault();
});

/** After a change the place where one was is kept for the keyboard; a form that was taken closes. */
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.response?.status >= 400) return;
  const form = ctx.sourceElement?.closest?.("[data-done-closes]");
  if (!form || ctx.sourceElement !== form) return;
  form.reset();
  form.closest("dialog")?.close();
});
document.addEventListener("htmx:after:swap", (event) => {
  update();
  // A heading that was clicked sorts as the filter does, so the filter tells of the order too.
  const order = document.querySelector("[data-order]")?.dataset.order;
  const select = document.getElementById("filter-order");
  if (order && select) select.value = order;
  if (event.detail.ctx.request?.method === "POST" && document.activeElement === document.body)
    document.querySelector(".planner-list")?.focus({ preventScroll: true });
});
document.body.addEventListener("planner:says", ({ detail }) => tell(detail.says, detail.kind));
addEventListener("pageshow", () => update());
// On a phone the tabs are wider than the page: the one that is open is in sight.
document.querySelector(".tab-link[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
