// @ts-check
// Keeps the page's files so that it opens without a network after the first
// visit. It answers for the site's own files and nothing else: what is worked
// on lives in the tab's storage, and requests to engines pass by.

/** @typedef {{waitUntil(p: Promise<unknown>): void}} Extendable */
/** @typedef {Extendable & {request: Request, respondWith(r: Promise<Response>): void}} Fetching */

const cacheName = `sortkey-${SORTKEY_SITE.version}`;
const here = new URL("./", location.href);
const pages = SORTKEY_SITE.pages.map((page) => new URL(`./${page}`, here).href);

self.addEventListener("install", (event) => {
  const install = /** @type {Extendable} */ (/** @type {unknown} */ (event));
  install.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll([...pages, ...SORTKEY_SITE.files.map((file) => new URL(file, here).href)]))
      .then(() => /** @type {any} */ (self).skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const activate = /** @type {Extendable} */ (/** @type {unknown} */ (event));
  activate.waitUntil(
    caches.keys().then((names) =>
      Promise.all(names.filter((name) => name.startsWith("sortkey-") && name !== cacheName).map((name) => caches.delete(name))),
    ),
  );
});

self.addEventListener("fetch", (event) => {
  const fetching = /** @type {Fetching} */ (/** @type {unknown} */ (event));
  const { request } = fetching;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && pages.includes(url.origin + url.pathname)) fetching.respondWith(newest(request));
  else if (url.pathname.startsWith(new URL("assets/", here).pathname) || url.href === new URL("desk/engine", here).href) {
    fetching.respondWith(kept(request));
  }
});

/** The page as the network has it, or as it was last. @param {Request} request */
async function newest(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { ignoreSearch: true })) ?? Response.error();
  }
}

/** A file whose name changes with its content: the kept one is the one. @param {Request} request */
async function kept(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}
