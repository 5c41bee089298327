// @ts-check
// A narrow window shows a part of a tree: it opens where the request has been.

/** @type {WeakMap<Element, string>} what each box was last opened for */
const opened = new WeakMap();
const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => open(target)));

export function showTree() {
  for (const box of document.querySelectorAll("[data-lit]")) {
    sizes.observe(box);
    open(box);
  }
}

/** @param {Element} box scrolls sideways; data-lit says where, in thousandths of what it holds */
function open(box) {
  const lit = box.getAttribute("data-lit") ?? "";
  const what = lit + box.firstElementChild?.getAttribute("aria-label");
  if (box.clientWidth === 0 || opened.get(box) === what) return;
  opened.set(box, what);
  box.scrollLeft = (Number(lit) / 1000) * box.scrollWidth - box.clientWidth / 2;
}
