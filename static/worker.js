// @ts-check
// The engine's worker: loads the Go program and passes requests to it.
//
// The page talks to it in the messages of protocol.d.ts. The Go side
// (wasm/browser) finds globalThis.sortkeyHost and calls ready once with the
// functions that answer requests; each of them runs to its end before it returns.
import "wasm_exec.js";

/** @import {Answer, Call, Engine, FromWorker, Stage, ToWorker} from "./protocol.js" */

/** @type {Engine | null} */
let engine = null;
let failed = false;
let compiledAfter = 0;

/** @param {FromWorker} message @param {Transferable[]} [transfer] */
function post(message, transfer = []) {
  /** @type {any} */ (self).postMessage(message, transfer);
}

/** @param {Stage} stage @param {unknown} error */
function fail(stage, error) {
  if (failed) return;
  failed = true;
  engine = null;
  post({ kind: "fail", stage, message: error instanceof Error ? error.message : String(error) });
}

/**
 * Counts the bytes that pass. The total is known from the build: with a
 * Content-Encoding the length in the header would be another one.
 */
function countBytes() {
  let bytes = 0;
  let reported = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes - reported > 1 << 18 || bytes >= SORTKEY_WASM.bytes) {
        reported = bytes;
        post({ kind: "progress", bytes, total: SORTKEY_WASM.bytes });
      }
      controller.enqueue(chunk);
    },
  });
}

/** @returns {Promise<Response>} the program's bytes, counted as they arrive */
async function fetchProgram() {
  const response = await fetch(new URL(SORTKEY_WASM.file, import.meta.url));
  if (!response.ok || !response.body) {
    throw new Error(`${SORTKEY_WASM.file}: HTTP ${response.status}`);
  }
  return new Response(response.body.pipeThrough(countBytes()), {
    headers: { "Content-Type": "application/wasm" },
  });
}

/** @param {Record<string, string>} assets */
async function start(assets) {
  if (typeof WebAssembly !== "object" || !WebAssembly.instantiateStreaming) {
    return fail("support", "This browser has no WebAssembly.");
  }
  const go = new Go();
  let program;
  try {
    program = await fetchProgram();
  } catch (error) {
    return fail("fetch", error);
  }
  let instance;
  try {
    ({ instance } = await WebAssembly.instantiateStreaming(program, go.importObject));
  } catch (error) {
    return fail("compile", error);
  }
  compiledAfter = performance.now();
  /** @type {any} */ (globalThis).sortkeyHost = { assets, ready, bug };
  try {
    await go.run(instance);
    fail("run", "The engine stopped.");
  } catch (error) {
    fail("run", error);
  }
}

/** Called by the Go program when it can answer. @param {Engine} e */
function ready(e) {
  engine = e;
  const info = { compiledAfter, readyAfter: performance.now(), wasmBytes: SORTKEY_WASM.bytes };
  post({ kind: "ready", info });
}

/** Called by the Go program for a panic it answered with a 500. @param {string} message */
function bug(message) {
  post({ kind: "bug", message });
}

/** @param {Engine} e @param {Call} call @returns {Answer} */
function answer(e, call) {
  const reply =
    "target" in call
      ? e.api(call.target, call.region, call.body)
      : e.serve(call.method, call.url, call.headers, call.body);
  return { id: call.id, ...reply };
}

/** @param {Call[]} calls */
function answerAll(calls) {
  if (!engine) return;
  const answers = [];
  for (const call of calls) {
    try {
      answers.push(answer(engine, call));
    } catch (error) {
      // Go answers its own panics. What gets here (a stack or memory exhausted)
      // leaves the program in no state to go on.
      return fail("run", error);
    }
  }
  post({ kind: "answers", answers }, answers.map((a) => a.body.buffer));
}

self.addEventListener("message", (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  if (data.kind === "start") start(data.assets);
  else answerAll(data.calls);
});
