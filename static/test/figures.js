// @ts-check
// Prints how long a visitor waits, over loopback: from navigation to the first
// paint, to the painted result, and to the engine's first answer; cold (a new
// profile) and warm (the same page again). Run by `make bench`.
import { ready, startServer, withProfile } from "./harness.js";

const runs = 5;
const server = await startServer();

/** @param {import("playwright-core").Page} page @returns {Promise<Record<string, number>>} milliseconds */
async function visit(page) {
  await page.goto(server.url);
  await ready(page);
  return page.evaluate(() => ({
    "first paint": performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    "page loaded": performance.getEntriesByType("navigation")[0].toJSON().domContentLoadedEventEnd,
    "engine ready": performance.getEntriesByName("engine-ready")[0].startTime,
  }));
}

/** @param {string} label @param {Record<string, number>[]} visits */
function print(label, visits) {
  for (const what of Object.keys(visits[0])) {
    const times = visits.map((v) => v[what]).toSorted((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)];
    console.log(`${label}  ${what.padEnd(13)} median ${median.toFixed(0).padStart(5)} ms   (${times.map((t) => t.toFixed(0)).join(" ")})`);
  }
}

/** @type {Record<string, number>[]} */
const cold = [];
/** @type {Record<string, number>[]} */
const warm = [];
for (let i = 0; i < runs; i++) {
  await withProfile(async (context) => {
    cold.push(await visit(await context.newPage()));
    await visit(await context.newPage()); // compiled code is kept from the second visit on
    warm.push(await visit(await context.newPage()));
  });
}
print("cold", cold);
print("warm", warm);
await server.stop();
