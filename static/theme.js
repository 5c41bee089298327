// @ts-check
// Light or dark: the system decides until the visitor does. Loaded in the head
// and not as a module, so that the choice is there before the first paint.
{
  const root = document.documentElement;

  /** @returns {string | null} the visitor's choice; storage may be forbidden */
  const kept = () => {
    try {
      return localStorage.getItem("theme");
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

  const theme = kept();
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (/^(Mac|iP)/.test(navigator.platform)) root.dataset.keys = "mac";

  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !target.closest("[data-theme-toggle]")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    keep(dark ? "light" : "dark");
  });
}
