// @ts-check
// The row under the bar for what concerns the whole page.

/**
 * Says in plain words why something was not done, until something is.
 * @param {string} why "" takes it away
 * @param {boolean} [full] the workspace could not be stored
 */
export function refused(why, full = false) {
  const words = [bold(full ? "That could not be saved." : "That was not done."), ` ${why} `];
  notice("refused", why !== "", full ? [...words, button("Download file", "data-share", "file")] : words);
}

/**
 * Shows a notice of its own under the bar, or takes it away.
 * @param {string} id @param {boolean} shown @param {(Node | string)[]} content
 */
export function notice(id, shown, content) {
  document.getElementById(id)?.remove();
  if (!shown) return;
  const p = document.createElement("p");
  p.id = id;
  p.className = "notice caution";
  p.setAttribute("role", "alert");
  p.append(...content);
  document.getElementById("notices")?.append(p);
}

/** @param {string} text */
export function bold(text) {
  return Object.assign(document.createElement("b"), { textContent: text });
}

/** @param {string} text @param {string} attribute @param {string} value */
export function button(text, attribute, value) {
  const b = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  b.setAttribute(attribute, value);
  return b;
}
