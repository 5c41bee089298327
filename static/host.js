// @ts-check
// The page's side of the engine in the tab: starts the worker and answers
// requests through it with the shape of fetch.
import { lastHere } from "./memory.js";
import { loadProgram } from "./program.js";

/** @import {Answer, Call, FromWorker, KeptState, Stage, ToWorker} from "./protocol.js" */

/**
 * @typedef {object} Listener
 * @property {(bytes: number, total: number) => void} [onProgress] uncompressed bytes received
 * @property {(restored: boolean) => void} [onReady] restored: a stored workspace is on the desk, unlike the page
 * @property {(kept: KeptState) => void} [onKept] how the workspace is stored
 * @property {() => void} [onChanged] the workspace has changed, but not by a request of this page
 * @property {(failure: EngineFailure) => void} [onFail] at most once; also after ready, when the engine dies
 */

/** The engine cannot be started, or has stopped. */
export class EngineFailure extends Error {
  /** @param {Stage} stage @param {string} detail */
  constructor(stage, detail) {
    super(`${reasons[stage]} (${detail})`);
    this.name = "EngineFailure";
    /** @type {Stage} */ this.stage = stage;
    this.detail = detail;
  }
}

/** @type {Record<Stage, string>} */
const reasons = {
  support: "The engine needs WebAssembly and module workers, which this browser lacks or has switched off.",
  fetch: "The engine could not be downloaded.",
  compile: "The browser could not compile the engine.",
  run: "The engine has stopped. Reload the page to start it again.",
};

/** @type {Worker | null} */
let worker = null;
/** @type {EngineFailure | null} */
let failure = null;
let isReady = false;
let isRestored = false;
/** @type {KeptState | null} */
let kept = null;
/** @type {Listener[]} */
const listeners = [];

let lastID = 0;
/** @type {Map<number, {resolve: (a: Answer) => void, reject: (e: Error) => void}>} */
const pending = new Map();
/** @type {Call[]} what waits for the next message, or for the engine to be ready */
let queue = [];

/** @returns {EngineFailure | null} why there is no engine, once that is certain */
export function engineFailure() {
  return failure;
}

/** Whether the engine answers. */
export function engineReady() {
  return isReady && !failure;
}

/**
 * Starts the tab's engine unless it has been started, and reports on it. A
 * listener that comes late hears at once what has already happened.
 * @param {Listener} [listener]
 */
export function startEngine(listener = {}) {
  listeners.push(listener);
  if (kept) listener.onKept?.(kept);
  if (failure) listener.onFail?.(failure);
  else if (isReady) listener.onReady?.(isRestored);
  else if (!worker) start();
}

function start() {
  if (typeof WebAssembly !== "object" || !WebAssembly.compileStreaming || typeof Worker !== "function") {
    return fail("support", "WebAssembly or Worker is undefined");
  }
  const scenario = scenarioOf(document);
  loadProgram(progress).then(
    (program) => send({ kind: "start", program, assets: assetsOf(document), scenario, page: document.body.dataset.page ?? "" }),
    (error) => fail(error.stage ?? "fetch", error.message),
  );
  try {
    worker = new Worker(new URL(SORTKEY_WORKER, import.meta.url), { type: "module", name: "sortkey" });
  } catch (error) {
    return fail("support", String(error));
  }
  worker.onmessage = (event) => receive(event.data);
  worker.onerror = (event) => {
    event.preventDefault();
    fail(isReady ? "run" : "fetch", event.message || "the worker's script did not load");
  };
  worker.onmessageerror = () => fail("run", "a message could not be read");
  send({ kind: "open", here: lastHere(), fresh: scenario !== null, search: location.search });
}

/** @param {number} bytes @param {number} total */
function progress(bytes, total) {
  for (const l of listeners) l.onProgress?.(bytes, total);
}

/**
 * The names of the page's own files as tools/site made them ("desk.css" →
 * "assets/desk.1A2B.css"), read back from the document: the engine renders the
 * same page and must name the same files.
 * @param {Document} document
 */
export function assetsOf(document) {
  /** @type {Record<string, string>} */
  const assets = {};
  for (const element of document.querySelectorAll("script[src], link[href]")) {
    const url = element.getAttribute("src") ?? element.getAttribute("href") ?? "";
    const parts = /^(?:\.\.\/)*assets\/([\w-]+)\.\w+\.(\w+)$/.exec(url);
    if (parts) assets[`${parts[1]}.${parts[2]}`] = url;
  }
  return assets;
}

/**
 * The scenario that the page is of: the engine goes on from what is painted.
 * @param {Document} document @returns {string | null}
 */
function scenarioOf(document) {
  const text = document.getElementById("scenario")?.textContent;
  return text ? JSON.parse(text) : null;
}

/** @param {ToWorker} message @param {Transferable[]} [transfer] */
function send(message, transfer = []) {
  worker?.postMessage(message, transfer);
}

/** @param {FromWorker} message */
function receive(message) {
  switch (message.kind) {
    case "ready":
      isReady = true;
      isRestored = message.restored;
      performance.mark("engine-ready");
      flush();
      for (const l of listeners) l.onReady?.(isRestored);
      return;
    case "kept":
      kept = message.kept;
      for (const l of listeners) l.onKept?.(kept);
      return;
    case "changed":
      for (const l of listeners) l.onChanged?.();
      return;
    case "answers":
      for (const answer of message.answers) settle(answer);
      return;
    case "bug":
      console.error(`sortkey: the engine answered 500 for a bug of its own:\n${message.message}`);
      return;
    case "fail":
      fail(message.stage, message.message);
  }
}

/** @param {Answer} answer */
function settle(answer) {
  const waiter = pending.get(answer.id);
  pending.delete(answer.id);
  waiter?.resolve(answer);
}

/** @param {Stage} stage @param {string} detail */
function fail(stage, detail) {
  if (failure) return;
  failure = new EngineFailure(stage, detail);
  worker?.terminate();
  worker = null;
  queue = [];
  for (const { reject } of pending.values()) reject(failure);
  pending.clear();
  for (const l of listeners) l.onFail?.(failure);
}

/**
 * Sends what has gathered in one message: messages cost more than requests.
 */
function flush() {
  if (!isReady || queue.length === 0) return;
  const calls = queue;
  queue = [];
  const transfer = calls.flatMap((c) => (c.body ? [c.body.buffer] : []));
  send({ kind: "calls", calls }, /** @type {Transferable[]} */ (transfer));
}

/** @param {(id: number) => Call} make @returns {Promise<Answer>} */
function ask(make) {
  if (failure) return Promise.reject(failure);
  const call = make(++lastID);
  return new Promise((resolve, reject) => {
    pending.set(call.id, { resolve, reject });
    queue.push(call);
    queueMicrotask(flush);
  });
}

/**
 * The fetch of the engine in the tab. A request made before the engine is ready
 * waits for it; one made after it failed rejects with the EngineFailure.
 * @param {string | URL | Request} input
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function engineFetch(input, init) {
  const request = new Request(input, init);
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const body = hasBody ? new Uint8Array(await request.arrayBuffer()) : null;
  const asked = ask((id) => ({
    id,
    method: request.method,
    url: pathUnderBase(request.url, document.baseURI),
    headers: [...request.headers].flat(),
    body,
  }));
  return toResponse(await abortable(asked, request.signal), request.url);
}

/**
 * One call of the DynamoDB API to the engine in the tab.
 * @param {string} target such as "DynamoDB_20120810.PutItem"
 * @param {Uint8Array} body JSON; the bytes are handed over, not copied
 * @param {string} [region] empty: the engine's default
 * @returns {Promise<{status: number, body: Uint8Array}>}
 */
export async function engineApi(target, body, region = "") {
  const { status, body: reply } = await ask((id) => ({ id, target, region, body }));
  return { status, body: reply };
}

/**
 * The path that the handler sees: the site may live in any folder of a host.
 * @param {string} url absolute
 * @param {string} base of the document
 */
export function pathUnderBase(url, base) {
  const { pathname, search } = new URL(url);
  const folder = new URL("./", base).pathname;
  const path = pathname.startsWith(folder) ? pathname.slice(folder.length) : pathname.slice(1);
  return `/${path}${search}`;
}

/** @param {Answer} answer @param {string} url @returns {Response} */
function toResponse(answer, url) {
  const headers = new Headers();
  for (let i = 0; i + 1 < answer.headers.length; i += 2) {
    headers.append(answer.headers[i], answer.headers[i + 1]);
  }
  const empty = answer.status === 204 || answer.status === 304;
  const body = empty ? null : /** @type {Uint8Array<ArrayBuffer>} */ (answer.body);
  const response = new Response(body, { status: answer.status, headers });
  Object.defineProperty(response, "url", { value: url });
  return response;
}

/**
 * The engine cannot be interrupted, but a caller need not wait for it.
 * @template T @param {Promise<T>} promise @param {AbortSignal} signal @returns {Promise<T>}
 */
function abortable(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
