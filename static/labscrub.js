// @ts-check
// Going to an instant by dragging. One request is under way at a time; when it
// is answered the place that the thumb has come to since is asked for.
import { byId } from "./status.js";

let busy = false;
let wanted = "";

export function followScrub() {
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.id !== "scrub") return;
    wanted = target.value;
    ask();
  });
}

function ask() {
  if (busy || !wanted) return;
  busy = true;
  /** @type {HTMLButtonElement} */ (byId("seek")).value = wanted;
  wanted = "";
  byId("seek").click();
}

/** @param {string} action that was answered, or refused */
export function afterScrub(action) {
  const sought = /\bseek\b/.test(action);
  if (sought) busy = false;
  if (wanted) return ask();
  const thumb = /** @type {HTMLInputElement} */ (byId("scrub"));
  thumb.value = byId("lab-time").dataset.now ?? "0";
  if (!/\b(write|latency|speed|zone)/.test(action)) requestAnimationFrame(showNow);
}

/**
 * On a phone the diagram is wider than the screen: it stands open at now. Asks for
 * the layout: after an answer that is due with the next picture, and not before.
 */
export function showNow() {
  const box = document.querySelector("#lab-time .scrollx");
  const { now, from, to } = byId("lab-time").dataset;
  if (!box || box.scrollWidth <= box.clientWidth) return;
  const at = (Number(now) - Number(from)) / Math.max(Number(to) - Number(from), 1);
  box.scrollLeft = (0.055 + 0.915 * at) * box.scrollWidth - box.clientWidth * 0.7;
}
