// @ts-check
// Regions in browser tabs: two find each other and replicate, one is closed or
// crashes while both write, a name has one owner, and nothing that was
// acknowledged is lost unexplained; in private files and in IndexedDB.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { launch, needsBrowser, ready, startServer } from "./harness.js";

/** @import {Browser, BrowserContext, Page} from "playwright-core" */

/** @type {import("./harness.js").Server} */
let server;
/** @type {Browser} */
let browser;
/** @type {{context: BrowserContext, errors: string[]}[]} visitors of the test under way */
let visitors = [];

/**
 * A browser profile of its own.
 * @param {string} [before] JavaScript that the workers run first
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function visitor(before = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  /** @type {string[]} */
  const errors = [];
  context.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") errors.push(`${m.type()}: ${m.text()}`);
  });
  context.on("weberror", (e) => errors.push(`uncaught: ${e.error().stack}`));
  if (before) {
    await context.route("**/regionworker.*.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${before};\n${await response.text()}` });
    });
  }
  visitors.push({ context, errors });
  return context;
}

/** A tab for a region, when it shows what has become of it. @param {BrowserContext} context @param {string} region @param {string} [group] */
async function open(context, region, group = "albums") {
  const page = await context.newPage();
  await page.goto(`${server.url}/global/region/?host=${region}&group=${group}`);
  await ready(page);
  await page.locator("#hosted-head", { hasText: region }).waitFor();
  return page;
}

/** The ledger's words, line by line, those out of sight too. @param {Page} page */
function ledger(page) {
  return page.locator("#hosted-ledger").evaluate((box) => {
    const all = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    let text = "";
    while (all.nextNode()) text += `${all.currentNode.nodeValue}\n`;
    return text;
  });
}

/** @param {Page} page */
function hosting(page) {
  return page.locator("#hosted-head", { hasText: "which is this tab" }).waitFor();
}

/** @param {Page} page @param {string} text */
async function run(page, text) {
  await page.bringToFront(); // a page behind another draws once a second
  await page.locator("#hosted-ask textarea").fill(text);
  await answered(page, () => page.locator("#run").click());
  return page.locator("#hosted-ask .reply").innerText();
}

/** Does something that is answered, whatever else the page shows meanwhile. @param {Page} page @param {() => Promise<unknown>} act */
async function answered(page, act) {
  await page.evaluate(() => {
    delete document.documentElement.dataset.testAnswered;
    const look = (/** @type {Event} */ event) => {
      const { request } = /** @type {CustomEvent} */ (event).detail.ctx;
      if (/panel/.test(request?.action ?? "")) return;
      document.documentElement.dataset.testAnswered = "yes";
      document.removeEventListener("htmx:after:swap", look);
    };
    document.addEventListener("htmx:after:swap", look);
  });
  await act();
  await page.waitForFunction(() => document.documentElement.dataset.testAnswered === "yes");
}

/** @param {string} album @param {number} price */
const put = (album, price) => `PutItem { TableName: "Albums", Item: { album: { S: "${album}" }, price: { N: "${price}" } } }`;

/** Waits until an item has a value in the table of a page. @param {Page} page @param {string} album @param {string} value */
async function has(page, album, value) {
  await page.bringToFront();
  await page.locator(".mini tr", { has: page.locator("th", { hasText: album }), hasText: value }).waitFor();
}

/** Waits for the word at another region. @param {Page} page @param {string} region @param {string} words */
async function peer(page, region, words) {
  await page.bringToFront();
  await page.locator(`#peer-${region}`, { hasText: words }).waitFor();
}

/** All items, by the value of album. @param {Page} page @returns {Promise<Map<string, any>>} */
async function content(page) {
  const reply = await run(page, `Scan { TableName: "Albums" }`);
  /** @type {{Items: any[]}} */
  const { Items } = JSON.parse(reply.slice(reply.indexOf("{")));
  return new Map(Items.map((item) => [item.album.S, item]));
}

const everything = "It has stored everything that was sent.";
const noFiles = "delete FileSystemFileHandle.prototype.createSyncAccessHandle";
const noStore = `${noFiles}; delete globalThis.indexedDB; delete Object.getPrototypeOf(globalThis).indexedDB; delete WorkerGlobalScope.prototype.indexedDB`;
/** The disk is full while the tests say so. */
const fills = `
let full = false;
new BroadcastChannel("disk").onmessage = ({ data }) => (full = data);
const write = FileSystemSyncAccessHandle.prototype.write;
FileSystemSyncAccessHandle.prototype.write = function (...args) {
  if (full) throw new DOMException("full", "QuotaExceededError");
  return write.apply(this, args);
};`;

/**
 * In the page: writes as fast as it is answered, and tells of every write that
 * was acknowledged: one that nobody else makes, and an attribute of its own of an
 * item that the other region writes too.
 * @param {string} name
 */
function traffic(name) {
  const box = /** @type {HTMLTextAreaElement} */ (document.querySelector("#hosted-ask textarea"));
  let n = 0;
  const next = () => {
    box.value =
      n % 2 === 0
        ? `PutItem { TableName: "Albums", Item: { album: { S: "${name}-${n}" } } }`
        : `UpdateItem { TableName: "Albums", Key: { album: { S: "both-${n}" } }, UpdateExpression: "SET ${name} = :n", ExpressionAttributeValues: { ":n": { N: "${n}" } } }`;
    /** @type {HTMLFormElement} */ (document.querySelector("#hosted-ask")).requestSubmit();
  };
  document.documentElement.dataset.traffic = "on";
  document.addEventListener("htmx:after:swap", (event) => {
    const { request, response } = /** @type {CustomEvent} */ (event).detail.ctx;
    if (!/\bwrite$/.test(request?.action ?? "") || document.documentElement.dataset.traffic !== "on") return;
    if (response.status === 200) /** @type {any} */ (window).acknowledged(name, n);
    n++;
    next();
  });
  next();
}

describe("regions in tabs", needsBrowser(), () => {
  before(async () => {
    server = await startServer();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  afterEach(async () => {
    const all = visitors;
    visitors = [];
    for (const { context, errors } of all) {
      await context.close();
      assert.deepEqual(errors, [], "console errors");
    }
  });

  for (const [where, before] of [["private files", ""], ["IndexedDB", noFiles]]) {
    test(`two tabs find each other, replicate, and go on where they were (${where})`, async () => {
      const context = await visitor(before);
      const us = await open(context, "us-east-1");
      await hosting(us);
      assert.match(await us.title(), /^us-east-1 · Albums/);
      await peer(us, "eu-west-1", "No tab hosts it; 3 messages wait");
      const eu = await open(context, "eu-west-1");
      await peer(us, "eu-west-1", everything);
      await peer(eu, "us-east-1", everything);
      await run(us, put("hejira", 19));
      await has(eu, "hejira", "19");
      await run(eu, put("new", 7));
      await has(us, "new", "7");
      await eu.reload();
      await ready(eu);
      await has(eu, "new", "7");
      await us.reload();
      await ready(us);
      await has(us, "new", "7");
      assert.equal((await content(us)).size, (await content(eu)).size);
    });
  }

  test("groups do not hear of each other, and neither does the desk", async () => {
    const context = await visitor();
    const us = await open(context, "us-east-1");
    const other = await open(context, "eu-west-1", "other");
    await run(us, put("hejira", 19));
    await peer(other, "us-east-1", "No tab hosts it");
    await has(other, "hejira", "22");
    const desk = await context.newPage();
    await desk.goto(server.url);
    await ready(desk);
    await desk.locator("#workspaces > summary").click();
    await desk.locator("#shelf:not([aria-busy])", { hasText: "Nothing is stored yet" }).waitFor();
  });

  test("with the link cut both write an item; healed, one write is lost and both say which", async () => {
    const context = await visitor();
    const us = await open(context, "us-east-1");
    const eu = await open(context, "eu-west-1");
    await peer(us, "eu-west-1", everything);
    await us.bringToFront();
    await answered(us, () => us.getByRole("button", { name: "Cut link to eu-west-1" }).click());
    await peer(us, "eu-west-1", "LINK CUT");
    await run(us, put("hejira", 50));
    await run(eu, put("hejira", 51));
    await peer(us, "eu-west-1", "1 message waits here");
    await peer(eu, "us-east-1", "It does not answer");
    await has(us, "hejira", "50");
    await us.bringToFront();
    await answered(us, () => us.getByRole("button", { name: "Heal link to eu-west-1" }).click());
    for (const page of [us, eu]) {
      await has(page, "hejira", "51");
      await page.locator("#hosted-ledger", { hasText: "1 write lost" }).waitFor();
      assert.match(await ledger(page), /hejira.*price 51.*price 50.*eu had not seen that of us/s);
    }
    await peer(us, "eu-west-1", everything);
  });

  for (const end of ["closed", "crashed"]) {
    test(`a tab ${end} in the middle of traffic catches up, and nothing acknowledged is lost unexplained`, async () => {
      const context = await visitor();
      /** @type {{name: string, n: number}[]} */
      const acknowledged = [];
      await context.exposeFunction("acknowledged", (/** @type {string} */ name, /** @type {number} */ n) => void acknowledged.push({ name, n }));
      /** @param {string} name @param {number} more */
      const until = async (name, more) => {
        const from = acknowledged.filter((a) => a.name === name).length;
        while (acknowledged.filter((a) => a.name === name).length < from + more) await new Promise((r) => setTimeout(r, 10));
      };
      const us = await open(context, "us-east-1");
      let eu = await open(context, "eu-west-1");
      await peer(us, "eu-west-1", everything);
      await us.evaluate(traffic, "us");
      await eu.evaluate(traffic, "eu");
      await Promise.all([until("us", 10), until("eu", 10)]);
      const gone = eu.waitForEvent(/** @type {any} */ (end === "closed" ? "close" : "crash"));
      if (end === "closed") void eu.close();
      else (await context.newCDPSession(eu)).send("Page.crash").catch(() => {});
      await gone;
      if (end === "crashed") await eu.close();
      await peer(us, "eu-west-1", "GONE");
      await until("us", 6);
      eu = await open(context, "eu-west-1");
      await hosting(eu);
      await until("us", 4);
      await us.evaluate(() => (document.documentElement.dataset.traffic = "off"));
      await peer(us, "eu-west-1", everything);
      await peer(eu, "us-east-1", everything);

      const tables = [await content(us), await content(eu)];
      assert.deepEqual(tables[0], tables[1], "the two tables");
      const ledgers = `${await ledger(us)}\n${await ledger(eu)}`;
      assert.ok(acknowledged.length >= 30);
      const lost = acknowledged.filter(({ name, n }) => {
        if (n % 2 === 0) return !tables[0].has(`${name}-${n}`);
        const kept = tables[0].get(`both-${n}`)?.[name]?.N === String(n);
        return !kept && !new RegExp(`both-${n}\\b[^]*?lost[^]*?${name} ${n}\\b`).test(ledgers);
      });
      assert.deepEqual(lost, []);
    });
  }

  test("a region has one tab: another is refused in words, and has it when it is free", async () => {
    const context = await visitor();
    const first = await open(context, "eu-west-1");
    await run(first, put("mine", 1));
    const second = await open(context, "eu-west-1");
    await second.locator("#hosted-taken", { hasText: "Another tab hosts eu-west-1." }).waitFor();
    assert.equal(await second.locator("#hosted-ask").count(), 0, "there is nothing to write in");
    assert.match((await second.locator("#peer-us-east-1 a").getAttribute("href")) ?? "", /host=us-east-1&group=albums/);
    await answered(second, () => second.getByRole("button", { name: "Take over when it is closed" }).click());
    await second.locator("#hosted-taken", { hasText: "This tab waits for eu-west-1." }).waitFor();
    await first.close();
    await hosting(second);
    await has(second, "mine", "1");
    await run(second, put("mine", 2));
    await has(second, "mine", "2");
  });

  test("a full disk refuses a write, and loses nothing", async () => {
    const context = await visitor(fills);
    const us = await open(context, "us-east-1");
    await run(us, put("hejira", 1));
    const fill = (/** @type {boolean} */ full) =>
      us.evaluate(async (full) => {
        const channel = new BroadcastChannel("disk");
        channel.postMessage(full);
        await new Promise((r) => setTimeout(r, 50));
        channel.close();
      }, full);
    await fill(true);
    await us.locator("#hosted-ask textarea").fill(put("hejira", 2));
    await us.locator("#run").click();
    await us.locator("#refused", { hasText: "no room left" }).waitFor();
    await fill(false);
    await us.reload();
    await ready(us);
    await has(us, "hejira", "1");
    await run(us, put("hejira", 3));
    await has(us, "hejira", "3");
    visitors[0].errors = [];
  });

  test("a journal that cannot be read is said so, put aside, and begun anew from the other tab", async () => {
    const context = await visitor();
    const us = await open(context, "us-east-1");
    let eu = await open(context, "eu-west-1");
    await run(us, put("hejira", 9));
    await has(eu, "hejira", "9");
    await eu.close();
    await us.evaluate(async () => {
      const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("sortkey-regions");
      const file = await (await root.getDirectoryHandle("albums.eu-west-1")).getFileHandle("journal");
      const writable = async () => file.createWritable({ keepExistingData: true }).catch(() => null);
      let out = await writable();
      for (; !out; out = await writable()) await new Promise((r) => setTimeout(r, 20)); // the tab lets go of it a moment later
      await out.write({ type: "write", position: (await file.getFile()).size, data: "this is no line\n" });
      await out.close();
    });
    eu = await open(context, "eu-west-1");
    await eu.locator("#hosted-broken", { hasText: "The journal of eu-west-1 cannot be read." }).waitFor();
    await answered(eu, () => eu.getByRole("button", { name: "Begin anew" }).click());
    await hosting(eu);
    await has(eu, "hejira", "9");
    const kept = await eu.evaluate(async () => {
      const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("sortkey-regions");
      const names = [];
      for await (const name of root.keys()) names.push(name);
      return names;
    });
    assert.ok(kept.some((name) => name.startsWith("albums.eu-west-1.damaged-")), `stored: ${kept}`);
  });

  test("a browser that keeps nothing is said to", async () => {
    const us = await open(await visitor(noStore), "us-east-1");
    await us.locator("#hosted-unkept", { hasText: "This browser keeps nothing." }).waitFor();
    await run(us, put("hejira", 9));
    await has(us, "hejira", "9");
  });

  test("the lab leads here, with and without a region, and a phone has room for it", async () => {
    const context = await visitor("", { viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await page.goto(`${server.url}/global/`);
    await ready(page);
    await page.getByRole("link", { name: "Host a region in this tab" }).click();
    await page.locator("#hosted-head", { hasText: "one region in each tab" }).waitFor();
    await ready(page);
    await page.locator("#peer-eu-west-1 a").click();
    await hosting(page);
    await page.goto(`${server.url}/global/?host=us-east-1`);
    await page.waitForURL("**/global/region/?host=us-east-1");
    await ready(page);
    await hosting(page);
    await run(page, put("hejira", 9));
    const [inside, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(inside <= window, `the page is ${inside} wide in a window of ${window}`);
  });
});
