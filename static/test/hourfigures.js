// @ts-check
// Prints how long an hour of a thousand requests a second takes in the page of
// capacity: from the first request that the page sends its engine to the whole
// chart, with every part of it drawn on the way. Run by `make bench`.
import { launch, ready, startServer } from "./harness.js";

const runs = 3;
const server = await startServer();
const browser = await launch();

/** @param {string} knobs as in an address @returns {Promise<{ms: number, requests: number}>} */
async function hour(knobs) {
  const page = await browser.newPage();
  const query = new URLSearchParams(`h-shape=steady&h-start=2000&h-size=743&h-at=60&h-until=60&${knobs}`);
  await page.goto(`${server.url}/capacity/?${query}`);
  await ready(page);
  const ms = await page.evaluate(async () => {
    const start = performance.getEntriesByName("engine-ready")[0].startTime;
    const value = (/** @type {string} */ of) => document.querySelector(of)?.getAttribute("value");
    const whole = () => value("[name=h-have]") === "60" && value("#hour-shape option:checked") === "steady";
    while (!whole()) await new Promise((r) => setTimeout(r, 5));
    return performance.now() - start;
  });
  await page.close();
  return { ms, requests: 60 * 60 * (Number(query.get("h-writes")) + Number(query.get("h-reads"))) };
}

const hours = [
  "h-writes=1000&h-keys=uniform",
  "h-writes=1000&h-keys=zipf",
  "h-writes=1000&h-keys=hot&h-hot=72",
  "h-writes=200&h-reads=800&h-keys=zipf",
  "h-writes=1000&h-keys=uniform&h-billing=demand",
];
for (const knobs of hours) {
  /** @type {number[]} */
  const times = [];
  let requests = 0;
  for (let i = 0; i < runs; i++) {
    const run = await hour(knobs);
    times.push(run.ms);
    requests = run.requests;
  }
  times.sort((a, b) => a - b);
  const seconds = times.map((t) => (t / 1000).toFixed(2));
  console.log(`an hour, ${requests.toLocaleString("en")} requests, ${knobs}: median ${seconds[runs >> 1]} s   (${seconds.join(" ")})`);
}
await browser.close();
await server.stop();
