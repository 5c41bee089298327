// @ts-check
// What requests to the edge cost: processor time of workerd for each, in which
// miniflare's stores and caches are included, and the size of what is deployed.
// Each page is another document, so no cache helps.
import { readFile, readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { startEdge } from "./edge.js";

const batches = 6;
const rounds = 20; // of a batch
const shop = await readFile("web/scenarios/record-shop.md", "utf8");
const small = `---
sortkey: 1
title: Two items
seed: 1
---

\`\`\`dynamodb
CreateTable {
  TableName: "Items", BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
}
PutItem { TableName: "Items", Item: { id: { S: "a" } } }
PutItem { TableName: "Items", Item: { id: { S: "b" } } }
\`\`\`

\`\`\`view
Scan { TableName: "Items" }
\`\`\`
`;

const edge = await startEdge({ limits: { KEEPING: 10_000, SHOWING: 10_000 }, log: (line) => process.stderr.write(line) });
const pid = await workerd();
const size = gzipSync(new Uint8Array(await readFile(".cache/edge/worker/app.wasm")), { level: 9 }).byteLength;
console.log(`program, gzip -9: ${(size / 1e6).toFixed(2)} MB`);
for (const [name, text] of Object.entries({ "a few items": small, "the record shop": shop })) {
  /** @type {string[]} */
  const ids = [];
  await measure(`store ${name}`, async (i) => {
    const reply = await fetch(`${edge.url}/api/scenarios`, { method: "POST", body: text.replace(/^title: .*/m, `title: Number ${i}`) });
    ids.push((await reply.json()).id);
  });
  await measure(`page of ${name}`, async (i) => void (await (await fetch(`${edge.url}/s/${ids[i]}`)).text()));
  await measure(`page of ${name}, again`, async (i) => void (await (await fetch(`${edge.url}/s/${ids[i]}`)).text()));
  await measure(`picture of ${name}`, async (i) => void (await (await fetch(`${edge.url}/s/${ids[i]}.png`)).arrayBuffer()));
}
await measure("an id that is not there", async (i) => void (await (await fetch(`${edge.url}/api/scenarios/${String(i).padStart(16, "0")}`)).text()));
await measure("index.html", async () => void (await (await fetch(edge.url)).text()));
await edge.stop();

/**
 * The least of some batches: the machine has other work too, and the first ones
 * compile.
 * @param {string} name @param {(i: number) => Promise<void>} act
 */
async function measure(name, act) {
  let [least, soonest] = [Infinity, Infinity];
  for (let batch = 0; batch < batches; batch++) {
    const [cpu, wall] = [await processorTime(), performance.now()];
    for (let i = 0; i < rounds; i++) await act(batch * rounds + i);
    least = Math.min(least, ((await processorTime()) - cpu) / rounds);
    soonest = Math.min(soonest, (performance.now() - wall) / rounds);
  }
  console.log(`${name.padEnd(32)} ${least.toFixed(1).padStart(6)} ms CPU  ${soonest.toFixed(1).padStart(6)} ms`);
}

/** The process that miniflare started. */
async function workerd() {
  for (const name of await readdir("/proc")) {
    const stat = /^\d+$/.test(name) && (await readFile(`/proc/${name}/stat`, "utf8").catch(() => ""));
    if (stat && stat.split(" ")[3] === String(process.pid)) return name;
  }
  throw new Error("no workerd");
}

/** Milliseconds of all its threads, from ticks of 10 ms. */
async function processorTime() {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
