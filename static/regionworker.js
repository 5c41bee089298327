// @ts-check
// The worker of the page of a region in a tab: runs the Go program wasm/lab and
// passes requests to it. What has happened is stored (hosting.js) before the page
// or another tab is told of it.
import { Hosting } from "./hosting.js";
import { answerAll, inTurn, post, run } from "./running.js";

/** @import {Call, Region, ToWorker} from "./protocol.js" */

const hosting = new Hosting(post, inTurn);

/** Called by the Go program when it can answer. @param {Region} region */
function ready(region) {
  inTurn(async () => {
    await hosting.begin(region);
    post({ kind: "ready", restored: false });
  });
}

/** @param {Call[]} calls */
async function serve(calls) {
  await answerAll(calls, (call) => {
    if (!("method" in call)) throw new Error("this page has no API");
    return hosting.answer(call);
  });
  await hosting.afterwards();
}

self.addEventListener("message", (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  if (data.kind === "open") hosting.prepare(data.search);
  else if (data.kind === "start") run(data.program, { assets: data.assets, page: data.page, ready });
  else inTurn(() => serve(data.calls));
});
