// @ts-check
// What a page says while there is no engine, and when something went wrong.
import { startEngine } from "./host.js";

/** @import {EngineFailure} from "./host.js" */

/** Long enough that an engine out of the cache comes and goes unseen. */
const patience = 400; // ms

/** Starts the tab's engine and shows how far it has come. */
export function watchStart() {
  const late = setTimeout(loading, patience);
  startEngine({
    onProgress: (bytes, total) => progress(bytes, total),
    onReady() {
      clearTimeout(late);
      byId("engine").hidden = true;
    },
    onFail(failure) {
      clearTimeout(late);
      byId("engine").hidden = true;
      failed(failure);
    },
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-reload]")) location.reload();
  });
}

/** The page waits for the engine. */
export function loading() {
  byId("engine").hidden = false;
}

/** @param {number} bytes @param {number} total */
function progress(bytes, total) {
  const bar = part("engine", "progress");
  if (bar instanceof HTMLProgressElement && total > 0) {
    bar.max = total;
    bar.value = Math.min(bytes, total);
  }
  part("engine", "[data-words]").textContent =
    bytes < total ? `Loading the engine, ${megabytes(bytes)} of ${megabytes(total)} MB` : "Starting the engine";
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/** @param {EngineFailure} failure */
function failed(failure) {
  const began = failure.stage === "run" ? "The engine has stopped." : "The engine did not start.";
  trouble(began, failure.message.replace(` (${failure.detail})`, ""), failure.detail);
}

/** @param {string} what @param {string} why @param {string} detail */
export function trouble(what, why, detail) {
  part("engine-failed", "b").textContent = what;
  part("engine-failed", "[data-why]").textContent = why;
  part("engine-failed", "[data-detail]").textContent = detail;
  byId("engine-failed").hidden = false;
}

/** There is no trouble any more. */
export function untroubled() {
  byId("engine-failed").hidden = true;
}

/** @param {string} id */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} id @param {string} selector */
function part(id, selector) {
  return /** @type {HTMLElement} */ (byId(id).querySelector(selector));
}
