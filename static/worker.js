// @ts-check
// The engine's worker: runs the Go program and passes requests to it.
//
// The page (host.js) sends the compiled program and talks in the messages of
// protocol.d.ts. The Go side (wasm/browser) finds globalThis.sortkeyHost and
// calls ready once with the functions that answer requests; each of them runs to
// its end before it returns. What they change is stored (keeper.js) before the
// answer goes to the page.
import "wasm_exec.js";
import { Keeper } from "./keeper.js";
import { newID } from "./storage.js";

/** @import {Call, Engine, FromWorker, Stage, ToWorker} from "./protocol.js" */

const keeper = new Keeper(post, inTurn);
let failed = false;

/** What is under way: one thing after the other, also while something is being stored. */
let turn = Promise.resolve();

/** @param {() => unknown} act */
function inTurn(act) {
  turn = turn
    .then(() => (failed ? undefined : act()))
    .then(undefined, (error) => fail("run", error));
}

/** @param {FromWorker} message @param {Transferable[]} [transfer] */
function post(message, transfer = []) {
  /** @type {any} */ (self).postMessage(message, transfer);
}

/** @param {Stage} stage @param {unknown} error */
function fail(stage, error) {
  if (failed) return;
  failed = true;
  post({ kind: "fail", stage, message: error instanceof Error ? error.message : String(error) });
}

/** @param {WebAssembly.Module} program @param {Record<string, string>} assets @param {string | null} scenario */
async function start(program, assets, scenario) {
  const go = new Go();
  let instance;
  try {
    instance = await WebAssembly.instantiate(program, go.importObject);
  } catch (error) {
    return fail("compile", error);
  }
  /** @type {any} */ (globalThis).sortkeyHost = { assets, scenario, ready, bug, newID };
  try {
    await go.run(instance);
    fail("run", "the program ended");
  } catch (error) {
    fail("run", error);
  }
}

/** Called by the Go program when it can answer. @param {Engine} engine */
function ready(engine) {
  inTurn(async () => post({ kind: "ready", restored: await keeper.begin(engine) }));
}

/** Called by the Go program for a panic it answered with a 500. @param {string} message */
function bug(message) {
  post({ kind: "bug", message });
}

/**
 * Go answers its own panics. What else is thrown (a stack or memory exhausted)
 * leaves the program in no state to go on.
 * @param {Call[]} calls
 */
async function answerAll(calls) {
  const answers = [];
  for (const call of calls) answers.push({ id: call.id, ...(await keeper.answer(call)) });
  post({ kind: "answers", answers }, answers.map((a) => a.body.buffer));
  await keeper.afterwards();
}

self.addEventListener("message", (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  if (data.kind === "open") keeper.prepare(data.here, data.fresh);
  else if (data.kind === "start") start(data.program, data.assets, data.scenario);
  else inTurn(() => answerAll(data.calls));
});
