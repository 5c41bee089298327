// @ts-check
// The worker of wasm/edge on workerd: what it keeps, what it paints, what it
// refuses, and how the tab's engine takes over.
import assert from "node:assert/strict";
import { readFile, readdir, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { startEdge } from "../../tools/edge/edge.js";
import { askWorker, launch, needsBrowser, openPage, ready, runRequest, startServer } from "./harness.js";

/** @import {Browser, Page} from "playwright-core" */

const shop = await readFile(new URL("../../web/scenarios/record-shop.md", import.meta.url), "utf8");
const folder = `${tmpdir()}/sortkey-shared-${process.pid}`;

/** @type {Awaited<ReturnType<typeof startEdge>>} */
let edge;
/** @type {import("./harness.js").Server} the same addresses over a folder */
let server;
let log = "";

before(async () => {
  edge = await startEdge({ limits: { KEEPING: 10_000, SHOWING: 10_000 }, log: (line) => (log += line) });
  server = await startServer(["-share", folder]);
});

after(async () => {
  await edge?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** @param {string} url @param {BodyInit} text @param {RequestInit & {duplex?: "half"}} [options] */
function post(url, text, options = {}) {
  return fetch(`${url}/api/scenarios`, { method: "POST", body: text, ...options });
}

/** @param {string} text @returns {Promise<string>} the id */
async function keep(text) {
  const reply = await post(edge.url, text);
  assert.ok(reply.ok, `${reply.status} ${log}`);
  return (await reply.json()).id;
}

/** @param {string} body of blocks @param {string} [title] */
function document_(body, title = "A test") {
  return `---\nsortkey: 1\ntitle: ${title}\nseed: 1\n---\n\n${body}\n`;
}

const table = `CreateTable {
  TableName: "Orders", BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
}`;

/** @param {string} requests */
function block(requests) {
  return document_("```dynamodb\n" + table + "\n" + requests + "\n```");
}

describe("the site at the edge", () => {
  test("pages and files are served with their headers, and nothing else is", async () => {
    const page = await fetch(edge.url);
    assert.equal(page.status, 200);
    assert.match(page.headers.get("Content-Security-Policy") ?? "", /frame-ancestors 'none'/);
    assert.match(await page.text(), /<title>Record shop/);
    assert.deepEqual(await (await fetch(`${edge.url}/desk/engine`)).json(), { engine: "none", keeps: true });
    for (const path of ["/nowhere", "/assets/nothing.wasm", "/s", "/api", "/api/other"]) {
      assert.equal((await fetch(edge.url + path)).status, 404, path);
    }
  });

  test("the program comes in the form it was compressed to", async () => {
    const assets = new URL("../../.cache/edge/site/assets/", import.meta.url);
    const name = (await readdir(assets)).find((file) => file.endsWith(".wasm")) ?? "";
    for (const [coding, ext] of [["br", ".br"], ["gzip", ".gz"], ["identity", ""]]) {
      const { headers, body } = await raw(`${edge.url}/assets/${name}`, coding);
      assert.equal(headers["content-encoding"], ext ? coding : undefined);
      assert.equal(headers["content-type"], "application/wasm");
      assert.match(headers["cache-control"] ?? "", /immutable/);
      const file = new Uint8Array(await readFile(new URL(name + ext, assets)));
      // miniflare packs gzip anew; what workerd itself sends is the file.
      if (coding === "gzip") assert.equal(gunzipSync(body).byteLength, gunzipSync(file).byteLength);
      else assert.equal(Buffer.compare(body, file), 0, coding);
    }
  });
});

/**
 * A response as it comes, not unpacked.
 * @param {string} url @param {string} coding
 * @returns {Promise<{headers: import("node:http").IncomingHttpHeaders, body: Uint8Array}>}
 */
function raw(url, coding) {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { "Accept-Encoding": coding } }, (response) => {
      /** @type {Uint8Array[]} */
      const parts = [];
      response.on("data", (part) => parts.push(new Uint8Array(part)));
      response.on("end", () => resolve({ headers: response.headers, body: new Uint8Array(Buffer.concat(parts)) }));
    });
    request.on("error", reject);
  });
}

describe("keeping", () => {
  test("a document gets an id, the same one again, and comes back canonical", async () => {
    const first = await post(edge.url, shop);
    assert.equal(first.status, 201, log);
    const { id, page } = await first.json();
    assert.match(id, /^[0-9a-f]{16}$/);
    assert.equal(page, `s/${id}`);
    for (const again of [shop, shop.replaceAll("\n", "\r\n"), `\ufeff${shop}`]) {
      const reply = await post(edge.url, again);
      assert.equal(reply.status, 200);
      assert.equal((await reply.json()).id, id);
    }
    const kept = await fetch(`${edge.url}/api/scenarios/${id}`);
    assert.equal(kept.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    const text = await kept.text();
    assert.ok(text.startsWith("---\nsortkey: 1\n"));
    const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    assert.ok(Buffer.from(sum).toString("hex").startsWith(id), "the id is the beginning of the SHA-256");
    assert.notEqual(await keep(shop.replace("Record shop", "Records")), id);
  });

  test("what a client has need not be sent again", async () => {
    const id = await keep(shop);
    for (const path of [`/api/scenarios/${id}`, `/s/${id}`, `/s/${id}.png`]) {
      // The second answer comes from the cache.
      for (let i = 0; i < 2; i++) {
        const reply = await fetch(edge.url + path);
        const tag = reply.headers.get("ETag") ?? "";
        assert.match(tag, new RegExp(`^"${id}`));
        await reply.arrayBuffer();
        const again = await fetch(edge.url + path, { headers: { "If-None-Match": `W/${tag}` } });
        assert.equal(again.status, 304, path);
        assert.equal(again.headers.get("Cache-Control"), reply.headers.get("Cache-Control"));
      }
    }
    const page = await fetch(`${edge.url}/s/${id}`, { method: "HEAD" });
    assert.equal(page.headers.get("Cache-Control"), "no-cache");
    assert.equal(await page.text(), "");
  });

  test("an id that was not given leads nowhere", async () => {
    for (const id of ["0000000000000000", "x", "%3Cnull%3E", "..%2F..%2Fetc", "0".repeat(64), "null"]) {
      for (const path of [`/api/scenarios/${id}`, `/s/${id}`, `/s/${id}.png`]) {
        const reply = await fetch(edge.url + path);
        assert.equal(reply.status, 404, path);
        assert.equal(reply.headers.get("Cache-Control"), "no-store");
        assert.doesNotMatch(await reply.text(), /null/);
      }
    }
  });

  test("what is too long is refused, whether it says so or not", async () => {
    const long = "x".repeat(2_000_000);
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new TextEncoder().encode(long.slice(0, 100_000)));
        controller.close();
      },
    });
    const valid = document_("prose and ".repeat(7_000));
    for (const [body, options] of /** @type {const} */ ([[long, {}], [stream, { duplex: "half" }], [valid, {}]])) {
      const reply = await post(edge.url, body, options);
      assert.equal(reply.status, 413);
      assert.match(await reply.text(), /at most 65536 bytes/);
    }
    assert.ok(await keep(document_("prose and ".repeat(6_000))));
  });

  test("what is no scenario is refused", async () => {
    const bad = {
      "": 422,
      "# only prose": 422,
      "<script>alert(1)</script>": 422,
      "---\nsortkey: 99\n---\n": 422,
      [document_("```dynamodb\nQuery {{{{\n```")]: 422,
      [document_("```dynamodb\nQuery " + "{a:".repeat(15_000) + "\n```")]: 422,
      [document_("```dynamodb\nQuery " + "[".repeat(60_000) + "\n```")]: 422,
    };
    for (const [text, status] of Object.entries(bad)) {
      const reply = await post(edge.url, text);
      assert.equal(reply.status, status, text.slice(0, 50));
      assert.match(await reply.text(), /^This is no scenario that can be kept: /);
    }
    const bytes = new Uint8Array([0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe, 0x00]);
    assert.equal((await post(edge.url, bytes)).status, 422);
    assert.equal((await post(edge.url, shop, { headers: { Origin: "https://elsewhere.example" } })).status, 403);
    assert.equal((await fetch(`${edge.url}/api/scenarios`)).status, 405);
    assert.equal((await fetch(`${edge.url}/api/scenarios/0000000000000000`, { method: "PUT", body: "x" })).status, 405);
  });

  test("a document that would run for ever is refused soon, and the worker answers on", async () => {
    const put = `PutItem{TableName:"Orders",Item:{id:{S:"a"},l:{L:[{S:"x"},{S:"x"},{S:"x"},{S:"x"}]}}}\n`;
    const double = `UpdateItem{TableName:"Orders",Key:{id:{S:"a"}},UpdateExpression:"SET l=list_append(l,l)"}\n`;
    const look = `Scan{TableName:"Orders",FilterExpression:"${Array(150).fill("contains(l,:v)").join(" OR ")}",ExpressionAttributeValues:{":v":{S:"y"}}}\n`;
    const scan = `Scan{TableName:"Orders"}\n`;
    const loops = {
      requests: block("ListTables{}\n".repeat(4_900)),
      "clock steps": document_("```clock\n" + "advance 1s\n".repeat(5_000) + "```"),
      "a far clock": document_("```clock\nadvance 3650d\n```"),
      "a list that doubles": block(put + double.repeat(60)),
      "many scans": block(put + double.repeat(14) + scan.repeat(900)),
      "costly filters": block(put + double.repeat(14) + look.repeat(18)),
    };
    for (const [name, text] of Object.entries(loops)) {
      const began = performance.now();
      const reply = await post(edge.url, text);
      const words = await reply.text();
      assert.equal(reply.status, 422, `${name}: ${words}`);
      assert.match(words, /too (many steps|much|far|long)/, name);
      assert.ok(performance.now() - began < 15_000, `${name}: ${performance.now() - began} ms`);
    }
    assert.ok(await keep(shop));
  });

  test("who asks too often waits, if the platform counts", async () => {
    const strict = await startEdge({ limits: { KEEPING: 3, SHOWING: 2 } });
    try {
      const stored = [];
      for (let i = 0; i < 5; i++) stored.push((await post(strict.url, document_("", `Number ${i}`))).status);
      assert.deepEqual(stored, [201, 201, 201, 429, 429]);
      const shown = [];
      for (let i = 0; i < 4; i++) shown.push((await fetch(`${strict.url}/api/scenarios/${"0".repeat(15)}${i}`)).status);
      assert.deepEqual(shown, [404, 404, 429, 429]);
      assert.equal((await fetch(strict.url)).status, 200, "the site is not counted");
    } finally {
      await strict.stop();
    }
  });

  test("two hundred at the same time", async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, (_, i) => keep(document_("", `Together ${i}`))));
    const asked = Array.from({ length: 200 }, async (_, i) => {
      if (i % 4 === 0) return (await post(edge.url, document_("", `Crowd ${i % 16}`))).ok;
      const path = i % 4 === 1 ? "/s/" : i % 4 === 2 ? "/api/scenarios/" : "/s/0000000000000";
      const reply = await fetch(edge.url + path + (i % 4 === 3 ? 100 + i : `${ids[i % 8]}?${i}`));
      await reply.arrayBuffer();
      return reply.status === (i % 4 === 3 ? 404 : 200);
    });
    assert.deepEqual([...new Set(await Promise.all(asked))], [true], log);
  });
});

describe("the page of a scenario", () => {
  test("is complete, and the same from both hosts", async () => {
    const id = await keep(shop);
    assert.equal((await (await post(server.url, shop)).json()).id, id);
    const [painted, native] = await Promise.all([edge.url, server.url].map(async (url) => (await fetch(`${url}/s/${id}`)).text()));
    assert.equal(painted.replaceAll(edge.url, ""), native.replaceAll(server.url, ""), "WebAssembly and native render the same bytes");
    for (const part of ["Record shop · Sortkey", `og:title" content="Record shop"`, `og:image" content="${edge.url}/s/${id}.png"`, "A shop that sells records", "Sessions", "5</b> returned", "CUSTOMER#c-1042", "$0.125"]) {
      assert.ok(painted.includes(part), `the page has ${part}`);
    }
    const [picture, drawn] = await Promise.all([edge.url, server.url].map(async (url) => fetch(`${url}/s/${id}.png`)));
    assert.equal(picture.headers.get("Content-Type"), "image/png");
    assert.deepEqual(Buffer.from(await picture.arrayBuffer()), Buffer.from(await drawn.arrayBuffer()));
  });

  test("its text is data", async () => {
    const hostile = `</script><img src=x onerror=alert(1)>"'&`;
    const put = `PutItem { TableName: "Orders", Item: { id: { S: ${JSON.stringify(hostile)} } } }`;
    const id = await keep(block(`${put}\n`).replace("A test", hostile) + "\n```view\nScan { TableName: \"Orders\" }\n```\n");
    const painted = await (await fetch(`${edge.url}/s/${id}`)).text();
    assert.ok(!painted.includes("<img"));
    assert.equal(painted.split("<script").length, painted.split("</script>").length);
  });
});

describe("taking over in Chromium", needsBrowser(), () => {
  /** @type {Browser} */
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** @param {string} url */
  async function open(url) {
    const { page, account } = await openPage(browser, url, {
      permissions: ["clipboard-read", "clipboard-write"],
      before: (page) => page.addInitScript(watchForJumps),
    });
    return { page, account };
  }

  /** @param {Page} page */
  async function settle(page) {
    await ready(page);
    await page.locator("request-editor .cm-content").waitFor();
    await page.waitForTimeout(300);
  }

  for (const host of /** @type {const} */ (["edge", "server"])) {
    test(`what is painted by the ${host} stays, to the byte and to the pixel`, async () => {
      const url = host === "edge" ? edge.url : server.url;
      const { id } = await (await post(url, shop)).json();
      const { page, account } = await open(`${url}/s/${id}`);
      await settle(page);
      const { shifts, what, before, now } = await page.evaluate(() => /** @type {any} */ (window).jumps());
      assert.ok(shifts < 0.002, `things have moved: ${what}, ${shifts}`);
      const differs = [...before].findIndex((c, i) => c !== now[i]);
      assert.ok(now === before, `what stands in the page: ${before.slice(differs - 80, differs + 80)} → ${now.slice(differs - 80, differs + 80)}`);
      const painted = await (await fetch(`${url}/s/${id}`)).text();
      const [desk] = await askWorker(page, [{ method: "GET", url: "/desk?dock=requests" }]);
      assert.equal(desk.status, 200, desk.text);
      assert.ok(painted.includes(desk.text), "the engine renders what was painted, byte for byte");
      assert.deepEqual(account.errors, []);
      assert.deepEqual(account.foreign, []);
      await page.context().close();
    });
  }

  test("the visitor goes on from there, keeps it, and shares it on", async () => {
    const id = await keep(shop);
    const { page, account } = await open(`${edge.url}/s/${id}`);
    await settle(page);
    assert.match(await page.locator("#banner").innerText(), /Opened from a link or file/);
    assert.equal(await copied(page), `${edge.url}/s/${id}`, "as it was opened it has the same link");

    await runRequest(page, `PutItem { TableName: "Sessions", Item: { id: { S: "mine" } } }`);
    await page.waitForFunction(() => document.documentElement.dataset.kept === "saved");
    assert.equal(page.url(), `${edge.url}/`, "from here on it is the visitor's own");
    await runRequest(page, `Scan { TableName: "Sessions" }`);
    const mine = await copied(page);
    assert.match(mine, new RegExp(`^${edge.url}/s/[0-9a-f]{16}$`));
    assert.notEqual(mine, `${edge.url}/s/${id}`);

    await page.reload();
    await settle(page);
    assert.match(await page.locator("#result-sheet").innerText(), /mine/, "a reload brings the work back");
    await page.goto(`${edge.url}/s/${id}`);
    await settle(page);
    assert.doesNotMatch(await page.locator("#result-sheet").innerText(), /mine/, "what was shared stays what it was");
    assert.deepEqual(account.errors, []);
    await page.context().close();

    const other = await open(mine);
    await settle(other.page);
    assert.match(await other.page.locator("#result-sheet").innerText(), /mine/);
    assert.deepEqual(other.account.errors, []);
    await other.page.context().close();
  });

  test("a link holds everything itself where nothing is kept", async () => {
    const plain = await startServer(["-share", ""]);
    try {
      const { page } = await open(plain.url);
      await settle(page);
      const link = await copied(page);
      assert.match(link, /#1\./);
      await page.goto("about:blank");
      await page.goto(link);
      await page.locator("#banner", { hasText: "Opened from a link" }).waitFor();
      await page.context().close();
      assert.equal((await fetch(`${plain.url}/s/0000000000000000`)).status, 404);
    } finally {
      await plain.stop();
    }
  });

  test("a lost link says so, in the look of the site", async () => {
    const { page } = await open(`${edge.url}/s/0000000000000000`);
    assert.match(await page.locator("h1").innerText(), /no scenario/);
    await page.locator("a").click();
    await settle(page);
    assert.equal(page.url(), `${edge.url}/`);
    await page.context().close();
  });
});

/** Runs in the page before anything else: what stood there at first, and what has moved since. */
function watchForJumps() {
  let shifts = 0;
  /** @type {string[]} */
  const what = [];
  new PerformanceObserver((list) => {
    for (const entry of /** @type {any[]} */ (list.getEntries())) {
      // In the bar room is made for the word on what is stored and for the server's engine.
      const moved = entry.sources.filter((/** @type {any} */ s) => s.node && !(s.node.nodeType === 1 ? s.node : s.node.parentElement)?.closest("#bar"));
      if (moved.length > 0) shifts += entry.value;
      what.push(...moved.map((/** @type {any} */ s) => s.node.id || s.node.className || s.node.nodeName));
    }
  }).observe({ type: "layout-shift", buffered: true });
  /** The desk without the parts that tell of the engine, and the editor, which replaces its textarea. */
  const desk = () => {
    const copy = /** @type {Element} */ (document.getElementById("desk")).cloneNode(true);
    for (const part of /** @type {Element} */ (copy).querySelectorAll("#engine, #engine-switch, #saved, #notices, request-editor")) part.remove();
    return /** @type {Element} */ (copy).outerHTML.replaceAll(' data-htmx-powered="true"', "");
  };
  let before = "";
  document.addEventListener("DOMContentLoaded", () => (before = desk()));
  /** @type {any} */ (window).jumps = () => ({ shifts, what, before, now: desk() });
}

/** @param {Page} page @returns {Promise<string>} the link that Share copies */
async function copied(page) {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.locator("#share > summary").click();
  await page.locator("[data-share=link]").click();
  for (let i = 0; i < 100; i++) {
    const link = await page.evaluate(() => navigator.clipboard.readText());
    if (link) return link;
    await page.waitForTimeout(50);
  }
  throw new Error("nothing was copied");
}
