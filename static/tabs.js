// @ts-check
// Tab lists: the server says which tab is open, the arrow keys go from tab to
// tab and open what they reach.

export function followTabs() {
  document.addEventListener("keydown", (event) => {
    const tab = event.target instanceof Element ? event.target.closest('[role="tab"]') : null;
    const next = tab && neighbour(tab, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  });
}

/** @param {Element} tab @param {string} key @returns {HTMLElement | undefined} */
function neighbour(tab, key) {
  const tabs = /** @type {HTMLElement[]} */ ([...(tab.closest('[role="tablist"]')?.querySelectorAll('[role="tab"]') ?? [])]);
  const at = tabs.findIndex((t) => t === tab);
  switch (key) {
    case "ArrowRight":
      return tabs[(at + 1) % tabs.length];
    case "ArrowLeft":
      return tabs[(at + tabs.length - 1) % tabs.length];
    case "Home":
      return tabs[0];
    case "End":
      return tabs[tabs.length - 1];
    default:
      return undefined;
  }
}
