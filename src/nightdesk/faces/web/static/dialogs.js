// Opens dialogs by their id, and asks before something is lost in place of the browser's own question.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && !dialog.open) dialog.showModal();
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && event.target.hasAttribute("data-light")) event.target.close();
});

/** Asks in our own dialog; resolves to whether the person went on. `yes` names what happens then. */
export function ask(says, yes = "Go on") {
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-says").textContent = says;
  document.getElementById("confirm-yes").textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  event.preventDefault();
  const yes = ctx.sourceElement.dataset.confirmYes || "Go on";
  ask(ctx.confirm, yes).then((sure) => (sure ? issueRequest() : dropRequest()));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const says = form.dataset?.confirm;
  if (!says || form.dataset.sure) return;
  event.preventDefault();
  ask(says, form.dataset.confirmYes).then((sure) => {
    if (!sure) return;
    form.dataset.sure = "yes";
    form.requestSubmit(event.submitter);
  });
});
