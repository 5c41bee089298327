// @ts-check
// On a phone one pane shows at a time: the body says which.

/** @typedef {"tables" | "request" | "result" | "cost" | "dock"} Pane */

export function followPanes() {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-shows]") : null;
    if (button) showPane(/** @type {Pane} */ (button.getAttribute("data-shows")));
  });
}

/** @param {Pane} pane */
export function showPane(pane) {
  document.body.dataset.pane = pane;
  for (const button of document.querySelectorAll("[data-shows]")) {
    if (button.getAttribute("data-shows") === pane) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}
