// Menus that open below their button, and the drawer that holds the sidebar on a phone.
function set(menu, open) {
  menu.querySelector("[aria-expanded]").setAttribute("aria-expanded", String(open));
  menu.querySelector(".menu-list").hidden = !open;
}

function closeAll(but) {
  for (const menu of document.querySelectorAll("[data-menu]")) if (menu !== but) set(menu, false);
}

document.addEventListener("click", (event) => {
  const menu = event.target.closest("[data-menu]");
  const button = event.target.closest("[data-menu] > [aria-expanded]");
  closeAll(button ? menu : null);
  if (button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    set(menu, open);
    if (open) menu.querySelector(".menu-list :is(a, button)")?.focus();
  }
  const choice = event.target.closest("[data-theme-choice]");
  if (choice) {
    document.documentElement.dataset.theme = choice.dataset.themeChoice;
    for (const one of document.querySelectorAll("[data-theme-choice]"))
      one.setAttribute("aria-checked", String(one.dataset.themeChoice === choice.dataset.themeChoice));
  }
  const drawer = event.target.closest("[data-drawer]");
  if (drawer) toggle(drawer);
  else if (!event.target.closest(".sidebar")) shut();
});

document.addEventListener("keydown", (event) => {
  const list = event.target.closest(".menu-list");
  if (list && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    const items = [...list.querySelectorAll("a, button")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    event.preventDefault();
  }
  if (event.key !== "Escape") return;
  const open = document.querySelector('[data-menu] > [aria-expanded="true"]');
  closeAll(null);
  open?.focus();
  shut();
});

function toggle(button) {
  const place = document.getElementById(button.dataset.drawer);
  const open = place.classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(open));
  if (open) place.querySelector("a, button").focus();
}

function shut() {
  for (const button of document.querySelectorAll('[data-drawer][aria-expanded="true"]')) {
    document.getElementById(button.dataset.drawer).classList.remove("is-open");
    button.setAttribute("aria-expanded", "false");
  }
}
