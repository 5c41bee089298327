// @ts-check
// The worker of the pages beside the desk: runs the Go program wasm/lab and
// passes requests to it. Nothing is stored: what is on such a page stands in its
// address.
import { answerAll, inTurn, post, run } from "./running.js";

/** @import {Call, Lab, ToWorker} from "./protocol.js" */

/** @type {Lab} */
let lab;

/** Called by the Go program when it can answer. @param {Lab} functions */
function ready(functions) {
  lab = functions;
  post({ kind: "ready", restored: false });
}

/** @param {Call} call */
function answer(call) {
  if (!("method" in call)) throw new Error("this page has no API");
  return lab.serve(call.method, call.url, call.body);
}

self.addEventListener("message", (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  if (data.kind === "start") run(data.program, { assets: data.assets, page: data.page, ready });
  else if (data.kind === "calls") inTurn(() => answerAll(data.calls, answer));
});
