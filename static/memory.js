// @ts-check
// What a tab remembers of what is stored, for its next start. The browser may
// forbid it; then the start is a little less smooth.

/** @returns {string} the id of the workspace that this tab had */
export function lastHere() {
  try {
    return sessionStorage.getItem("sortkey-here") ?? "";
  } catch {
    return "";
  }
}

/**
 * Notes the workspace that this tab has, and for theme.js, which runs before
 * the first paint, whether one will be there to be shown.
 * @param {string} id "" while it is not stored
 * @param {boolean} any whether something is stored
 */
export function remember(id, any) {
  try {
    if (id) sessionStorage.setItem("sortkey-here", id);
    if (any) localStorage.setItem("sortkey-stored", "yes");
    else localStorage.removeItem("sortkey-stored");
  } catch {
    // Forbidden.
  }
}
