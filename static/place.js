// @ts-check
// Where the site is. The page of a kept scenario lies in a folder of it, so an
// address relative to the page would not do. Scripts lie in assets/.

/** Ends in a slash. */
export const site = new URL("../", import.meta.url);
