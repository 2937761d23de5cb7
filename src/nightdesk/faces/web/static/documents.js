// Sources: documents dropped anywhere on the page go into the form, and a form that was taken is empty again.
const form = document.getElementById("files");
let depth = 0;
const carriesFiles = (event) => form && [...(event.dataTransfer?.types ?? [])].includes("Files");

addEventListener("dragenter", (event) => {
  if (!carriesFiles(event)) return;
  depth += 1;
  form.classList.add("is-over");
});
addEventListener("dragleave", () => {
  depth = Math.max(depth - 1, 0);
  if (!depth) form?.classList.remove("is-over");
});
addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  depth = 0;
  form.classList.remove("is-over");
  const input = form.querySelector("input[type=file]");
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.response?.status < 400 && ctx.sourceElement?.matches?.("[data-done-clears], #files")) ctx.sourceElement.reset();
});
