// @ts-check
// Light or dark: the system decides until the visitor does; and whether the page
// is the first thing to see. Loaded in the head and not as a module, so that the
// choice is there before the first paint.
{
  const root = document.documentElement;

  /** @param {string} name @returns {string | null} what was stored; storage may be forbidden */
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };

  /** @param {string} theme */
  const keep = (theme) => {
    root.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Chosen for this page only.
    }
  };

  const theme = kept("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (/^(Mac|iP)/.test(navigator.platform)) root.dataset.keys = "mac";

  // The visitor's own workspace comes with the engine. Until then the example in
  // the page would only flash by.
  if (kept("sortkey-stored") && !document.getElementById("scenario")) root.dataset.returning = "";

  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !target.closest("[data-theme-toggle]")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    keep(dark ? "light" : "dark");
  });
}
