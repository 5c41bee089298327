// @ts-check
// The worker of the pages beside the desk: runs the Go program wasm/lab and
// passes requests to it. Nothing is stored: what is on such a page stands in its
// address.
import { inTurn, post, postAnswers, run } from "./running.js";

/** @import {Answer, Call, Lab, ToWorker} from "./protocol.js" */

/** @type {Lab} */
let lab;

/** Called by the Go program when it can answer. @param {Lab} functions */
function ready(functions) {
  lab = functions;
  post({ kind: "ready", restored: false });
}

/**
 * Answers calls one after the other, and gives the page all answers at once, as soon
 * as there is the last of them: the program may have to tidy up before it returns.
 * @param {Call[]} calls
 */
function answer(calls) {
  /** @type {Answer[]} */
  const answers = [];
  for (const call of calls) {
    if (!("method" in call)) throw new Error("this page has no API");
    lab.serve(call.method, call.url, call.body, (reply) => {
      answers.push({ id: call.id, ...reply });
      if (answers.length === calls.length) postAnswers(answers);
    });
  }
}

self.addEventListener("message", (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  if (data.kind === "start") run(data.program, { assets: data.assets, page: data.page, ready });
  else if (data.kind === "calls") inTurn(() => answer(data.calls));
});
