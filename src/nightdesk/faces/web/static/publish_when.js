// The part of a piece's page that sends it out: who fills in a time means it.
document.addEventListener("input", (event) => {
  const radio = document.getElementById(event.target.dataset?.chooses ?? "");
  if (radio) radio.checked = true;
});
