// @ts-check
// htmx, with every request answered by an engine: by a fetch of the page's own.
import htmx from "htmx.org";

/**
 * @typedef {object} Asked
 * @property {string} action the address, relative to the page
 */

/**
 * @param {(url: string | URL | Request, init?: RequestInit) => Promise<Response>} fetch
 * @param {object} on
 * @param {(asked: Asked, failed: boolean) => void} on.swapped an answer is in the page, or was refused
 * @param {(asked: Asked, status: number, text: string) => void} on.failed an answer was no success
 * @param {(asked: Asked, text: string) => string} [on.answered] puts an answer into the page, and gives what htmx is to swap
 */
export function answerWith(fetch, on) {
  document.addEventListener("htmx:config:request", (event) => {
    context(event).fetch = fetch;
  });
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = context(event);
    if (ctx.response?.status !== 200 || !on.answered) return;
    ctx.text = on.answered({ action: ctx.request?.action ?? "" }, ctx.text ?? "");
    if (!ctx.text) ctx.swap = "none";
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { request, response } = context(event);
    on.swapped({ action: request?.action ?? "" }, (response?.status ?? 0) >= 400);
  });
  document.addEventListener("htmx:response:error", (event) => {
    const { request, response, text = "" } = context(event);
    on.failed({ action: request?.action ?? "" }, response?.status ?? 0, text);
  });
}

export { htmx };

/**
 * @param {Event} event one of htmx's
 * @returns {{fetch: unknown, request?: {action: string}, response?: {status: number}, text?: string, swap?: string}}
 */
function context(event) {
  return /** @type {CustomEvent} */ (event).detail.ctx;
}
