// @ts-check
// Prints how long it takes to go to any instant of an hour of ten writes a second
// in the lab of global tables, and to record that hour. A seek is from the press of
// the page's button to its answer in the page and drawn; its parts are what the
// page asks, what the engine answers, what the page makes of that, and the drawing.
// Run by `make bench`.
import { launch, ready, startServer } from "./harness.js";

const seeks = Number(process.argv[2] ?? 200);
const server = await startServer();
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

// Notes when the page's worker is asked and when it has answered.
await page.addInitScript(() => {
  const times = { asked: 0, answered: 0 };
  Object.assign(globalThis, { times });
  globalThis.Worker = class extends Worker {
    /** @param {string | URL} url @param {WorkerOptions} [options] */
    constructor(url, options) {
      super(url, options);
      this.addEventListener("message", () => (times.answered = performance.now()));
    }
    /** @param {any} message @param {any} transfer */
    postMessage(message, transfer) {
      if (message.kind === "calls") times.asked = performance.now();
      super.postMessage(message, transfer);
    }
  };
});

await page.goto(`${server.url}/global/`);
await ready(page);
const began = performance.now();
await page.click("#traffic > summary");
await page.click("#traffic-3600");
await page.locator("#traffic-stop").waitFor();
await page.locator("#traffic").waitFor({ timeout: 300_000 });
console.log(`an hour of ten writes a second: recorded in ${((performance.now() - began) / 1000).toFixed(1)} s`);

/** @typedef {{whole: number, asking: number, engine: number, page: number, drawing: number}} Seek */

const all = await page.evaluate(async (count) => {
  const times = /** @type {{asked: number, answered: number}} */ (Reflect.get(globalThis, "times"));
  const seek = /** @type {HTMLButtonElement} */ (document.getElementById("seek"));
  const max = Number(document.getElementById("scrub")?.getAttribute("max"));
  /** @type {Seek[]} */
  const list = [];
  let x = 12345;
  for (let i = 0; i < count; i++) {
    x = (x * 1103515245 + 12345) % 2147483648;
    const start = performance.now();
    const swapped = new Promise((done) => document.addEventListener("htmx:after:swap", done, { once: true }));
    seek.value = String(Math.floor((max * x) / 2147483648));
    seek.click();
    await swapped;
    const inPage = performance.now();
    document.body.getBoundingClientRect(); // lays the page out
    await new Promise((done) => setTimeout(done));
    const end = performance.now();
    list.push({
      whole: end - start,
      asking: times.asked - start,
      engine: times.answered - times.asked,
      page: inPage - times.answered,
      drawing: end - inPage,
    });
  }
  return list;
}, seeks);

for (const part of /** @type {(keyof Seek)[]} */ (["whole", "asking", "engine", "page", "drawing"])) {
  const sorted = all.map((s) => s[part]).sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)].toFixed(1).padStart(6);
  console.log(`${part.padEnd(8)} median ${at(0.5)} ms   90 % ${at(0.9)}   99 % ${at(0.99)}   slowest ${at(1)}`);
}
await browser.close();
await server.stop();
