// @ts-check
// Which engine the page looks at, the tab's own or the server's, and what the
// page says while there is none.
import { engineFailure, engineFetch, engineReady, startEngine } from "./host.js";
import { site } from "./place.js";

/** @import {EngineFailure} from "./host.js" */

/** @type {"tab" | "server"} */
let pointing = "tab";

/** Whether the page looks at the tab's own engine. */
export function pointsAtTab() {
  return pointing === "tab";
}

let serverKeeps = false;

/** Whether the server that the page came from keeps scenarios under short links. */
export function keepsScenarios() {
  return serverKeeps;
}

/** Long enough that an engine out of the cache comes and goes unseen. */
const patience = 400; // ms

/**
 * The fetch of the engine that the page looks at. Waits for the tab's engine
 * to be ready.
 * @param {string | URL | Request} url relative to the page
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function ask(url, init) {
  if (pointing === "tab") {
    if (!engineReady()) byId("engine").hidden = false;
    return engineFetch(url, init);
  }
  try {
    return await window.fetch(typeof url === "string" ? new URL(url, site) : url, init);
  } catch (error) {
    trouble("The server did not answer.", "Is it still running?", String(error));
    throw error;
  }
}

/**
 * Starts the tab's engine, shows how far it has come, and offers the server's
 * where there is one.
 * @param {(html: string) => Promise<unknown>} show puts another engine's desk in place
 */
export function watchEngine(show) {
  const late = setTimeout(() => (byId("engine").hidden = false), patience);
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
    if (!(target instanceof Element)) return;
    if (target.closest("[data-reload]")) location.reload();
    const wanted = target.closest("[data-engine]")?.getAttribute("data-engine");
    if (wanted === "tab" || wanted === "server") void turnTo(wanted, show);
  });
  void offerServer();
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

/** Something works again: only the failure of the tab's engine is for good. */
export function working() {
  if (pointing === "server" || !engineFailure()) byId("engine-failed").hidden = true;
}

/** @param {string} what @param {string} why @param {string} detail */
export function trouble(what, why, detail) {
  part("engine-failed", "b").textContent = what;
  part("engine-failed", "[data-why]").textContent = why;
  part("engine-failed", "[data-detail]").textContent = detail;
  byId("engine-failed").hidden = false;
}

/** The server's engine is offered where the page's own server says it has one. */
async function offerServer() {
  try {
    const reply = await window.fetch(new URL("desk/engine", site), { headers: { Accept: "application/json" } });
    const { engine, keeps } = reply.ok ? await reply.json() : { engine: "", keeps: false };
    byId("engine-switch").hidden = engine !== "server";
    serverKeeps = keeps === true;
    if (engine === "none") keepSite();
  } catch {
    // A static site: the tab's engine is the only one.
  }
}

/**
 * A static site opens without a network after the first visit. The native
 * server's page does not: when the server is down, the page should be too.
 */
function keepSite() {
  navigator.serviceWorker?.register(new URL("sw.js", site)).catch(() => {}); // a host may forbid it: then there is no page offline
}

/** @param {"tab" | "server"} wanted @param {(html: string) => Promise<unknown>} show */
async function turnTo(wanted, show) {
  if (wanted === pointing) return;
  const before = pointing;
  point(wanted);
  try {
    const reply = await ask("desk");
    if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
    await show(await reply.text());
    document.dispatchEvent(new CustomEvent("desk-turned"));
  } catch {
    point(before);
  }
}

/** @param {"tab" | "server"} engine */
function point(engine) {
  pointing = engine;
  byId("pointing").hidden = engine === "tab";
  for (const button of byId("engine-switch").querySelectorAll("[data-engine]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-engine") === engine));
  }
}

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} id @param {string} selector */
function part(id, selector) {
  return /** @type {HTMLElement} */ (byId(id).querySelector(selector));
}
