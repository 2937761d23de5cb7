// Files may be dropped anywhere on a page that takes some: a near miss would have the browser leave for the file.
export function takeFiles(area, take) {
  if (!area) return;
  let depth = 0;
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (on) => area.classList.toggle("is-over", on);
  addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    depth += 1;
    over(true);
  });
  addEventListener("dragleave", () => {
    depth = Math.max(depth - 1, 0);
    if (!depth) over(false);
  });
  addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    over(false);
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
  });
}

/** Puts the files into the input as if they had been chosen there. */
export function choose(input, files) {
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
