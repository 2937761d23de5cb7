// Feeds: a list dropped on the page goes into the form, and a form that was taken is empty again.
import { choose, takeFiles } from "./dropping.js";

const form = document.getElementById("opml");
takeFiles(form, (files) => choose(form.querySelector("input[type=file]"), files));

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.response?.status < 400 && ctx.sourceElement?.matches?.("[data-done-clears]")) ctx.sourceElement.reset();
});
