// @ts-check
// Menus are disclosures; these close them when one looks elsewhere.

document.addEventListener("click", ({ target }) => {
  closeMenus(target instanceof Element ? target.closest(".menu") : null);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !(event.target instanceof Element)) return;
  const menu = event.target.closest(".menu[open]");
  if (!menu) return;
  closeMenus();
  menu.querySelector("summary")?.focus();
});

/** @param {Element | null} [but] stays open */
export function closeMenus(but = null) {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (menu !== but) menu.removeAttribute("open");
  }
}
