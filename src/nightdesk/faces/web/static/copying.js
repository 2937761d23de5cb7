// Copies what a field holds; over plain HTTP, where a page may not write the clipboard, by the old way.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select();
  let done = false;
  try {
    await navigator.clipboard.writeText(field.value);
    done = true;
  } catch {
    done = document.execCommand("copy");
  }
  button.querySelector("[data-copies-says]").textContent = done ? "Copied" : "Press Ctrl C";
});
