// @ts-check
// The worker of wasm/edge on this machine: workerd, with the platform's
// services played by miniflare, offline. What is configured in wrangler.jsonc
// is read from there.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";

const place = fileURLToPath(new URL("../../wasm/edge/", import.meta.url));

/**
 * @typedef {object} Options
 * @property {number} [port] 0 picks a free one
 * @property {string} [keep] folder of the KV namespace; without one it is in memory
 * @property {Record<string, number>} [limits] by name of a rate limit binding: how many a minute instead
 * @property {(line: string) => void} [log] what the worker prints
 */

/** @param {Options} [options] */
export async function startEdge({ port = 0, keep, limits = {}, log = () => {} } = {}) {
  const config = parseJSONC(await readFile(`${place}wrangler.jsonc`, "utf8"));
  const site = new URL(config.assets.directory, `file://${place}`).pathname;
  const worker = new URL("./", new URL(config.main, `file://${place}`)).pathname;
  const ratelimits = Object.fromEntries(
    config.ratelimits.map((/** @type {any} */ r) => [r.name, { simple: { ...r.simple, limit: limits[r.name] ?? r.simple.limit } }]),
  );
  const miniflare = new Miniflare({
    name: config.name,
    host: "127.0.0.1",
    port,
    cf: false,
    log: new Log(LogLevel.WARN),
    handleRuntimeStdio(/** @type {import("node:stream").Readable[]} */ ...streams) {
      for (const stream of streams) stream.on("data", (chunk) => log(String(chunk)));
    },
    compatibilityDate: config.compatibility_date,
    modulesRoot: worker,
    modules: [
      ...["entry.js", "program.js", "runtime.mjs", "wasm_exec.js"].map((name) => ({ type: /** @type {const} */ ("ESModule"), path: worker + name })),
      { type: "CompiledWasm", path: `${worker}app.wasm` },
    ],
    kvNamespaces: Object.fromEntries(config.kv_namespaces.map((/** @type {any} */ n) => [n.binding, n.id])),
    kvPersist: keep ?? false,
    ratelimits,
    assets: {
      workerName: config.name,
      directory: site,
      binding: config.assets.binding,
      routerConfig: { has_user_worker: true, static_routing: { user_worker: config.assets.run_worker_first } },
      assetConfig: {
        compatibility_date: config.compatibility_date,
        not_found_handling: config.assets.not_found_handling,
        headers: { version: 2, rules: parseHeaders(await readFile(`${site}/_headers`, "utf8")) },
      },
    },
  });
  const url = String(await miniflare.ready).replace(/\/$/, "");
  return { url, stop: () => miniflare.dispose(), miniflare };
}

/** JSON with comments. @param {string} text */
function parseJSONC(text) {
  return JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|\/\/.*/g, (token) => (token.startsWith("//") ? "" : token)));
}

/**
 * The platform's _headers file: a path, and below it, indented, its headers.
 * @param {string} text
 */
function parseHeaders(text) {
  /** @type {Record<string, {set: Record<string, string>}>} */
  const rules = {};
  let path = "";
  for (const line of text.split("\n").filter(Boolean)) {
    if (!line.startsWith(" ")) rules[(path = line)] = { set: {} };
    else {
      const at = line.indexOf(":");
      rules[path].set[line.slice(0, at).trim()] = line.slice(at + 1).trim();
    }
  }
  return rules;
}
