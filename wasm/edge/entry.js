// @ts-check
// What the platform calls. It answers all that needs no Go: files of the site
// come from the static assets, pages that were painted before from the cache.
// For the rest it asks the Go program (program.js, main.go), and sees to it that
// neither a client nor a crowd of them can occupy the worker.
import { run } from "./program.js";

/**
 * @typedef {{fetch(request: Request | URL): Promise<Response>}} Fetcher
 * @typedef {{limit(options: {key: string}): Promise<{success: boolean}>}} RateLimit
 *
 * @typedef {object} Env as in wrangler.jsonc
 * @property {Fetcher} ASSETS the site
 * @property {object} SCENARIOS the KV namespace
 * @property {RateLimit} [KEEPING] how often one client may store
 * @property {RateLimit} [SHOWING] how often one client may wake Go
 *
 * @typedef {{waitUntil(work: Promise<unknown>): void}} Context
 */

export default {
  /** @param {Request} request @param {Env} env @param {Context} context @returns {Promise<Response>} */
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith(".wasm")) return program(request, env);
    if (pathname.startsWith("/s/") || pathname.startsWith("/api/")) return scenario(request, env, context);
    return env.ASSETS.fetch(request);
  },
};

/**
 * The engine's program, in the form that tools/site compressed with care: the
 * platform would do so in passing, and worse.
 * @param {Request} request @param {Env} env
 */
async function program(request, env) {
  const accepted = request.headers.get("Accept-Encoding") ?? "";
  const coding = ["br", "gzip"].find((name) => accepted.includes(name));
  const plain = await env.ASSETS.fetch(new Request(request.url, { method: "HEAD" }));
  if (!coding || !plain.ok) return env.ASSETS.fetch(request);
  const packed = await env.ASSETS.fetch(new Request(`${request.url}.${coding === "br" ? "br" : "gz"}`, { headers: conditions(request) }));
  if (!packed.ok && packed.status !== 304) return env.ASSETS.fetch(request);
  const headers = new Headers(plain.headers);
  headers.set("Content-Type", "application/wasm");
  headers.set("Content-Encoding", coding);
  headers.set("Vary", "Accept-Encoding");
  headers.set("ETag", packed.headers.get("ETag") ?? "");
  headers.delete("Content-Length");
  const body = request.method === "HEAD" || packed.status === 304 ? null : packed.body;
  return new Response(body, /** @type {ResponseInit} */ ({ status: packed.status, headers, encodeBody: "manual" }));
}

/** @param {Request} request @returns {Record<string, string>} */
function conditions(request) {
  const known = request.headers.get("If-None-Match");
  return known ? { "If-None-Match": known } : {};
}

/** As web/share says it; what is longer need not come in. */
const maxText = 64 << 10;

/** @param {Request} request @param {Env} env @param {Context} context */
async function scenario(request, env, context) {
  const site = await siteOf(request, env);
  const reading = request.method === "GET" || request.method === "HEAD";
  const key = await keyOf(request, site);
  const painted = reading && (await cache().match(key));
  if (painted) return asServed(painted, request);

  const limit = reading ? env.SHOWING : env.KEEPING;
  const client = request.headers.get("CF-Connecting-IP") ?? "";
  if (limit && !(await limit.limit({ key: client })).success) {
    return refusal(429, "That is too often. Wait a minute.", { "Retry-After": "60" });
  }
  const body = reading ? null : await upTo(request, maxText + 1);
  const answer = await ask(request, body, { SCENARIOS: env.SCENARIOS, SITE: site });
  if (reading && answer.status === 200) context.waitUntil(remember(key, answer.clone()));
  return asServed(answer, request);
}

/** @type {string | undefined} the same for all the life of this worker: both are deployed together */
let known;

/** The site's list of files. @param {Request} request @param {Env} env */
async function siteOf(request, env) {
  if (known === undefined) {
    const list = await env.ASSETS.fetch(new URL("/assets.json", request.url));
    if (!list.ok) throw new Error(`assets.json: HTTP ${list.status}`);
    known = await list.text();
  }
  return known;
}

/** @returns {Cache} */
function cache() {
  return /** @type {any} */ (caches).default;
}

/**
 * Under which an answer is remembered: another build of the site gives others.
 * @param {Request} request @param {string} site
 */
async function keyOf(request, site) {
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(site));
  const url = new URL(request.url);
  url.search = `?site=${[...new Uint8Array(sum, 0, 8)].map((b) => b.toString(16).padStart(2, "0")).join("")}`;
  return new Request(url);
}

const servedAs = "X-Sortkey-Caching";

/**
 * Clients ask again for a page each time; here it may stay, for the key says
 * what it was made from.
 * @param {Request} key @param {Response} answer
 */
async function remember(key, answer) {
  const headers = new Headers(answer.headers);
  headers.set(servedAs, headers.get("Cache-Control") ?? "");
  headers.set("Cache-Control", "public, max-age=604800");
  await cache().put(key, new Response(answer.body, { headers }));
}

/** @param {Response} answer @param {Request} request */
function asServed(answer, request) {
  const headers = new Headers(answer.headers);
  const caching = headers.get(servedAs);
  if (caching !== null) headers.set("Cache-Control", caching);
  for (const name of [servedAs, "Age", "CF-Cache-Status"]) headers.delete(name);
  const tag = headers.get("ETag");
  const has = (request.headers.get("If-None-Match") ?? "").split(",").some((t) => t.trim().replace(/^W\//, "") === tag);
  if (tag && has && answer.status === 200) return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : answer.body, { status: answer.status, headers });
}

/** So much of what is too long is taken off the line, so that its sender comes to read the refusal. */
const drained = 8 << 20;

/**
 * Keeps no more of a body than anyone needs to see that it is too long.
 * @param {Request} request @param {number} most bytes
 */
async function upTo(request, most) {
  const parts = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || size > drained) break;
    if (size < most) parts.push(value.subarray(0, most - size));
    size += value.byteLength;
  }
  await reader?.cancel();
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {Request} request @param {Uint8Array | null} body @param {object} env @returns {Promise<Response>} */
async function ask(request, body, env) {
  const { pathname, origin } = new URL(request.url);
  const asked = {
    method: request.method,
    path: pathname,
    site: origin,
    origin: request.headers.get("Origin") ?? "",
    ifNoneMatch: request.headers.get("If-None-Match") ?? "",
    body,
  };
  try {
    const answer = await run(asked, env);
    return answer ? new Response(answer.body, answer) : refusal(503, "Too many are asking at the moment.", { "Retry-After": "5" });
  } catch (error) {
    console.error(`${request.method} ${pathname}: ${error}`);
    return refusal(500, "A bug in Sortkey stopped this request.");
  }
}

/** @param {number} status @param {string} words @param {Record<string, string>} [headers] */
function refusal(status, words, headers = {}) {
  return new Response(`${words}\n`, {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", ...headers },
  });
}
