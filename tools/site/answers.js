// @ts-check
// Prints what a program of the page answers, a line for each request: its pages
// and what they ask for, the requests to the engine in the given dialogues, and
// what becomes of a request that stops it. proof.go compares.
//
//	node answers.js wasm_exec.js PROGRAM PAGE [DIALOGUE…]
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

/** @import {Engine, Reply} from "../../static/protocol.js" */

const [loader, program, page, ...dialogues] = process.argv.slice(2);
await import(pathToFileURL(loader).href);
const go = new Go();
const { instance } = await WebAssembly.instantiate(new Uint8Array(await readFile(program)), go.importObject);

let ids = 0;
/** @type {Engine} */
const engine = await new Promise((ready) => {
  const host = { page, assets: {}, scenario: null, ready, bug, newID: () => `id${++ids}` };
  /** @type {any} */ (globalThis).sortkeyHost = host;
  go.run(instance);
});

/** @param {string} message the problem, and then the stack */
function bug(message) {
  console.log("bug", message.split("\n")[0]);
  process.stderr.write(message);
}

/** @param {string} what @param {Reply} answer @returns {string} its body */
function print(what, { status, headers, body }) {
  console.log(what, status, headers.join(" "), createHash("sha256").update(body).digest("hex"));
  return new TextDecoder().decode(body);
}

const most = 300; // requests of a page
const asked = new Set(["GET ./"]);
for (const request of asked) {
  const [method, url] = request.split(" ");
  const text = print(request, engine.serve(method, url.replace(/^\.?\/?/, "/"), method === "POST" ? new Uint8Array() : null));
  for (const [, verb, to] of text.matchAll(/hx-(get|post)="([^"]*)"/g)) {
    if (asked.size < most) asked.add(`${verb.toUpperCase()} ${to.replaceAll("&amp;", "&")}`);
  }
}

for (const file of dialogues) {
  const text = await readFile(file, "utf8");
  for (const [, operation, body] of text.matchAll(/^([A-Z][A-Za-z]+) (\{[^]*?\})$(?=\n(?:----|\n))/gm)) {
    print(operation, engine.api(`DynamoDB_20120810.${operation}`, "us-east-1", new TextEncoder().encode(body)));
  }
}

// @ts-ignore: without its arguments this is a panic, which Go answers
print("nothing", engine.serve());
print("GET /", engine.serve("GET", "/", null));
process.exit(0);
