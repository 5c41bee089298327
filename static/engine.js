// @ts-check
// Which engine the page looks at, the tab's own or the server's, and what the
// page says while there is none.
import { engineFailure, engineFetch, engineReady } from "./host.js";
import { site } from "./place.js";
import { byId, loading, trouble, untroubled, watchStart } from "./status.js";

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

/**
 * The fetch of the engine that the page looks at. Waits for the tab's engine
 * to be ready.
 * @param {string | URL | Request} url relative to the page
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function ask(url, init) {
  if (pointing === "tab") {
    if (!engineReady()) loading();
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
  watchStart();
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const wanted = target.closest("[data-engine]")?.getAttribute("data-engine");
    if (wanted === "tab" || wanted === "server") void turnTo(wanted, show);
  });
  void offerServer();
}

/** Something works again: only the failure of the tab's engine is for good. */
export function working() {
  if (pointing === "server" || !engineFailure()) untroubled();
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
