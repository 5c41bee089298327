// @ts-check
// The Go program in a worker: starts it and keeps the order of what is asked of
// it. Each page's worker is made of this and of what is its own.
//
// The Go side finds globalThis.sortkeyHost and calls ready once with the
// functions that answer requests; each of them runs to its end before it returns.
import "wasm_exec.js";

/** @import {Answer, Call, FromWorker, Reply, Stage} from "./protocol.js" */

let failed = false;

/** What is under way: one thing after the other, also while something is being stored. */
let turn = Promise.resolve();

/** @param {() => unknown} act */
export function inTurn(act) {
  turn = turn
    .then(() => (failed ? undefined : act()))
    .then(undefined, (error) => fail("run", error));
}

/** @param {FromWorker} message @param {Transferable[]} [transfer] */
export function post(message, transfer = []) {
  /** @type {any} */ (self).postMessage(message, transfer);
}

/** @param {Stage} stage @param {unknown} error */
function fail(stage, error) {
  if (failed) return;
  failed = true;
  post({ kind: "fail", stage, message: error instanceof Error ? error.message : String(error) });
}

/**
 * Runs the program; the promise is settled when it has ended.
 * @param {WebAssembly.Module} program
 * @param {Record<string, unknown>} host what the Go side finds, beside bug
 */
export async function run(program, host) {
  const go = new Go();
  let instance;
  try {
    instance = await WebAssembly.instantiate(program, go.importObject);
  } catch (error) {
    return fail("compile", error);
  }
  /** @type {any} */ (globalThis).sortkeyHost = { ...host, bug };
  try {
    await go.run(instance);
    fail("run", "the program ended");
  } catch (error) {
    fail("run", error);
  }
}

/** Called by the Go program for a panic it answered with a 500. @param {string} message */
function bug(message) {
  post({ kind: "bug", message });
}

/**
 * Answers calls one after the other, and gives the page all answers at once.
 * @param {Call[]} calls
 * @param {(call: Call) => Reply | Promise<Reply>} answer
 */
export async function answerAll(calls, answer) {
  const answers = [];
  for (const call of calls) answers.push({ id: call.id, ...(await answer(call)) });
  postAnswers(answers);
}

/** @param {Answer[]} answers */
export function postAnswers(answers) {
  post({ kind: "answers", answers }, answers.map((a) => a.body.buffer));
}

/** An answer in words. @param {number} status @param {string} words @returns {Reply} */
export function text(status, words) {
  return { status, headers: ["Content-Type", "text/plain; charset=utf-8"], body: new TextEncoder().encode(words) };
}
