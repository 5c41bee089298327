// @ts-check
// The Go program, run for requests: one at a time in each instance of it. An
// instance takes a third of a request's time to make, so it is used again,
// unless something was odd about it.
import "./wasm_exec.js";
import { createRuntimeContext, loadModule } from "./runtime.mjs";

/**
 * @typedef {{method: string, path: string, site: string, origin: string, ifNoneMatch: string, body: Uint8Array | null}} Asked
 * @typedef {{status: number, headers: [string, string][], body: Uint8Array<ArrayBuffer> | null}} Answer
 */

/** How many instances there are at most: each takes some 20 MB, and all together have 128. */
const together = 3;
/** After so many requests, or bytes of memory, an instance gives way to a fresh one. */
const [wornBy, worn] = [200, 28 << 20];
/** After so many milliseconds a request is given up for lost: its client has gone away. */
const lost = 10_000;
/** How many requests may wait, and how long, in milliseconds. */
const [line, patience] = [500, 20_000];

/** @type {Instance[]} at rest */
const idle = [];
/** @type {Set<{since: number}>} the requests that have an instance */
const running = new Set();
let waiting = 0;

/**
 * Asks the program. A request waits by its own timer and not for another one's
 * promise, which might go away unresolved.
 * @param {Asked} asked @param {object} env what the program may use; the same every time
 * @returns {Promise<Answer | null>} null: too many are asking
 */
export async function run(asked, env) {
  const since = Date.now();
  if (waiting >= line) return null;
  waiting++;
  try {
    while (full()) {
      if (Date.now() - since > patience) return null;
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  } finally {
    waiting--;
  }
  const ticket = { since: Date.now() };
  running.add(ticket);
  try {
    return await runNow(asked, env);
  } finally {
    running.delete(ticket);
  }
}

function full() {
  for (const ticket of running) {
    if (Date.now() - ticket.since > lost) running.delete(ticket);
  }
  return running.size >= together;
}

/** @param {Asked} asked @param {object} env @returns {Promise<Answer>} */
async function runNow(asked, env) {
  let instance = idle.pop();
  if (!instance?.sound) instance = await Instance.make(env);
  const answer = await instance.handle(asked);
  // Whatever else has come of a request, its instance does not get here.
  if (instance.sound && instance.uses < wornBy && instance.memory < worn && answer.status < 500) idle.push(instance);
  return answer;
}

class Instance {
  uses = 0;
  /** Go programs for the web end only by a fault that nothing recovers from. @type {Promise<void>} */
  ended = Promise.resolve();
  /** Go code is on the stack: if nobody is, the platform cut it off in the middle. */
  #inside = false;

  /** @param {any} go @param {WebAssembly.Instance} program @param {{handleRequest(asked: Asked): Promise<Answer>}} binding */
  constructor(go, program, binding) {
    this.go = go;
    this.program = program;
    this.binding = binding;
    const resume = go._resume.bind(go);
    go._resume = () => {
      this.#inside = true;
      resume();
      this.#inside = false;
    };
  }

  /** @param {object} env */
  static async make(env) {
    const go = new Go();
    /** @type {any} */
    const binding = {};
    const ready = new Promise((resolve) => (go.importObject.workers = { ready: () => resolve(null) }));
    const program = new WebAssembly.Instance(await loadModule(), go.importObject);
    const instance = new Instance(go, program, binding);
    instance.ended = /** @type {any} */ (go).run(program, createRuntimeContext({ env, ctx: undefined, binding }));
    await Promise.race([ready, instance.ending()]);
    return instance;
  }

  get sound() {
    return !this.go.exited && !this.#inside;
  }

  /** In bytes. */
  get memory() {
    return /** @type {WebAssembly.Memory} */ (this.program.exports.mem).buffer.byteLength;
  }

  /** @returns {Promise<never>} */
  async ending() {
    await this.ended;
    throw new Error("the program has ended");
  }

  /** @param {Asked} asked */
  handle(asked) {
    this.uses++;
    return Promise.race([this.binding.handleRequest(asked), this.ending()]);
  }
}
