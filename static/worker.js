// @ts-check
// The desk's worker: runs the Go program wasm/browser and passes requests to it.
//
// The page (host.js) sends the compiled program and talks in the messages of
// protocol.d.ts. What requests change is stored (keeper.js) before the answer
// goes to the page.
import { Keeper } from "./keeper.js";
import { answerAll, inTurn, post, run } from "./running.js";
import { newID } from "./storage.js";

/** @import {Call, Engine, ToWorker} from "./protocol.js" */

const keeper = new Keeper(post, inTurn);

/** Called by the Go program when it can answer. @param {Engine} engine */
function ready(engine) {
  inTurn(async () => post({ kind: "ready", restored: await keeper.begin(engine) }));
}

/**
 * Go answers its own panics. What else is thrown (a stack or memory exhausted)
 * leaves the program in no state to go on.
 * @param {Call[]} calls
 */
async function serve(calls) {
  await answerAll(calls, (call) => keeper.answer(call));
  await keeper.afterwards();
}

self.addEventListener("message", (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  if (data.kind === "open") keeper.prepare(data.here, data.fresh);
  else if (data.kind === "start") run(data.program, { assets: data.assets, scenario: data.scenario, ready, newID });
  else inTurn(() => serve(data.calls));
});
