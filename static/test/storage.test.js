// @ts-check
// Work survives: reloads, killed workers, crashed pages, a full disk, a second
// tab, a damaged journal; in the browser's private files and in IndexedDB.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, test } from "node:test";
import { launch, needsBrowser, runRequest, settled, startServer } from "./harness.js";

/** @import {Browser, BrowserContext, Page} from "playwright-core" */

/** @type {import("./harness.js").Server} */
let server;
/** @type {Browser} */
let browser;
/** @type {{context: BrowserContext, errors: string[]}[]} visitors of the test under way */
let visitors = [];

/**
 * A browser profile of its own.
 * @param {string} [before] JavaScript that the engine's worker runs first
 */
async function visitor(before = "") {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  /** @type {string[]} */
  const errors = [];
  context.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") errors.push(`${m.type()}: ${m.text()}`);
  });
  context.on("weberror", (e) => errors.push(`uncaught: ${e.error().stack}`));
  if (before) {
    await context.route("**/worker.*.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${before};\n${await response.text()}` });
    });
  }
  visitors.push({ context, errors });
  return context;
}

/** Opens the page and waits until it shows what the engine has. @param {BrowserContext} context @param {string} [hash] */
async function open(context, hash = "") {
  const page = await context.newPage();
  await page.goto(server.url + hash);
  await shown(page);
  return page;
}

/** @param {Page} page */
async function shown(page) {
  await page.waitForFunction(
    () => performance.getEntriesByName("engine-ready").length > 0 && !("returning" in document.documentElement.dataset),
  );
  await page.locator("request-editor .cm-content").waitFor();
}

/** @param {Page} page */
async function reload(page) {
  await page.reload();
  await shown(page);
}

/** @param {Page} page @param {string} id */
async function put(page, id) {
  await page.bringToFront(); // a page behind another draws once a second
  await runRequest(page, `PutItem { TableName: "Sessions", Item: { id: { S: "${id}" } } }`);
}

/** @param {Page} page */
async function sessions(page) {
  await page.bringToFront();
  await runRequest(page, `Scan { TableName: "Sessions" }`);
  return page.locator("#result-sheet").innerText();
}

/** Waits for the word on how the work is kept. @param {Page} page @param {string} word */
function saved(page, word) {
  return page.locator("#saved", { hasText: word }).waitFor();
}

/** What the browser has stored in private files, as paths with sizes. @param {Page} page */
function files(page) {
  return page.evaluate(async () => {
    /** @type {Record<string, number>} */
    const found = {};
    /** @param {FileSystemDirectoryHandle} folder @param {string} path */
    const walk = async (folder, path) => {
      for await (const [name, handle] of folder.entries()) {
        if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${path + name}/`);
        else if (handle instanceof FileSystemFileHandle) found[path + name] = (await handle.getFile()).size;
      }
    };
    await walk(await navigator.storage.getDirectory(), "");
    return found;
  });
}

/** A page of the same origin that runs nothing. @param {BrowserContext} context */
async function besides(context) {
  const page = await context.newPage();
  await page.goto(`${server.url}/desk/engine`);
  return page;
}

const noFiles = "delete FileSystemFileHandle.prototype.createSyncAccessHandle";
const noStore = `${noFiles}; delete globalThis.indexedDB; delete Object.getPrototypeOf(globalThis).indexedDB; delete WorkerGlobalScope.prototype.indexedDB`;

/** The disk is full while the tests say so. */
const fills = `
let full = false;
new BroadcastChannel("disk").onmessage = ({ data }) => (full = data);
const over = () => { throw new DOMException("full", "QuotaExceededError"); };
for (const [proto, name] of [[FileSystemSyncAccessHandle.prototype, "write"], [IDBObjectStore.prototype, "put"]]) {
  const real = proto[name];
  proto[name] = function (...args) { return full ? over() : real.apply(this, args); };
}`;

/** @param {Page} page @param {boolean} full */
function fill(page, full) {
  return page.evaluate(async (full) => {
    const channel = new BroadcastChannel("disk");
    channel.postMessage(full);
    await new Promise((r) => setTimeout(r, 50));
    channel.close();
  }, full);
}

/**
 * Lives of an engine's worker, each ended by force while it writes. Every life
 * looks for what the one before acknowledged.
 * @param {Page} page
 * @param {{rounds: number, burst: number, name: string}} how
 * @returns {Promise<{acknowledged: number, lost: string[], refused: string[]}>}
 */
function lives(page, how) {
  return page.evaluate(async ({ rounds, burst, name }) => {
    const asked = performance.getEntriesByType("resource").map((e) => e.name);
    const script = asked.find((file) => /\/worker\.\w+\.js$/.test(file)) ?? "";
    const program = await WebAssembly.compileStreaming(fetch(asked.find((file) => file.endsWith(".wasm")) ?? ""));
    const encoder = new TextEncoder();
    /** @param {string} operation @param {unknown} body */
    const call = (operation, body) => ({ target: `DynamoDB_20120810.${operation}`, region: "", body: encoder.encode(JSON.stringify(body)) });

    /** @param {(ask: (call: any) => Promise<any>, kill: () => void) => Promise<void>} act */
    const life = async (act) => {
      const worker = new Worker(script, { type: "module" });
      /** @type {Map<number, (answer: any) => void>} */
      const waiting = new Map();
      let last = 0;
      /** @param {any} c */
      const ask = (c) =>
        new Promise((resolve) => {
          waiting.set(++last, resolve);
          worker.postMessage({ kind: "calls", calls: [{ id: last, ...c }] });
        });
      await new Promise((resolve, reject) => {
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => {
          if (data.kind === "ready") resolve(null);
          if (data.kind === "fail" || data.kind === "bug") reject(new Error(data.message));
          if (data.kind === "answers") for (const a of data.answers) waiting.get(a.id)?.(a);
        };
        worker.postMessage({ kind: "open", here: "", fresh: false });
        worker.postMessage({ kind: "start", program, assets: {}, scenario: null });
      });
      await act(ask, () => worker.terminate());
      worker.terminate();
      // A loaded machine takes its time; a new page would wait a moment, then follow.
      while ((await navigator.locks.query()).held?.length) await new Promise((r) => setTimeout(r, 5));
    };

    const acknowledged = new Set();
    /** @type {string[]} */
    const lost = [];
    /** @type {string[]} */
    const refused = [];
    /** @param {(call: any) => Promise<any>} ask @param {Iterable<string>} ids */
    const find = async (ask, ids) => {
      await Promise.all(
        [...ids].map(async (id) => {
          const { body } = await ask(call("GetItem", { TableName: "Sessions", Key: { id: { S: id } } }));
          if (!new TextDecoder().decode(body).includes(id)) lost.push(id);
        }),
      );
    };
    /** @type {string[]} */
    let fresh = [];
    for (let round = 0; round < rounds; round++) {
      await life(async (ask, kill) => {
        await find(ask, fresh);
        fresh = [];
        // By the clock in one life, at an acknowledgement in the next.
        const after = round % 2 === 0 ? Math.floor(Math.random() * burst) : burst;
        await new Promise((resolve) => {
          const end = () => {
            kill();
            resolve(null);
          };
          if (round % 2 === 1) setTimeout(end, Math.random() * 25);
          for (let n = 0; n < burst; n++) {
            const id = `${name}-${round}-${n}`;
            void ask(call("PutItem", { TableName: "Sessions", Item: { id: { S: id }, filler: { S: "x".repeat(n * 10) } } })).then(({ status, body }) => {
              if (status !== 200) refused.push(`${id}: ${status} ${new TextDecoder().decode(body)}`);
              else fresh.push(id);
              if (n === after) end();
            });
          }
          if (after === burst) setTimeout(end, 2000);
        });
        for (const id of fresh) acknowledged.add(id);
      });
    }
    await life((ask) => find(ask, acknowledged));
    return { acknowledged: acknowledged.size, lost, refused };
  }, how);
}

describe("work survives", needsBrowser(), () => {
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

  test("a first visit leaves no trace", async () => {
    const page = await open(await visitor());
    await saved(page, "Nothing to save yet");
    await sessions(page);
    await settled(page, () => page.getByRole("button", { name: "New", exact: true }).click());
    assert.deepEqual(await files(page), {});
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    await saved(page, "Nothing to save yet");
  });

  test("a reload brings the work back, and does not show the example before it", async () => {
    const page = await open(await visitor());
    await put(page, "kept");
    await page.locator("#title").fill("My sessions");
    await settled(page, () => page.getByRole("button", { name: "+1 h" }).click());
    await saved(page, "Saved on this device");
    /** @type {string[]} */
    const painted = [];
    await page.exposeFunction("painted", (/** @type {string} */ title) => painted.push(title));
    await page.addInitScript(() => {
      const look = () => {
        const title = document.querySelector("#title");
        if (title instanceof HTMLInputElement && getComputedStyle(title).visibility === "visible") /** @type {any} */ (window).painted(title.value);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await reload(page);
    await page.waitForTimeout(100);
    assert.deepEqual([...new Set(painted)], ["My sessions"]);
    assert.match(await page.title(), /^My sessions/);
    await saved(page, "Saved on this device");
    assert.match(await page.locator("#result").innerText(), /Item added/, "the last request's result");
    assert.match(await page.locator("#side").innerText(), /10:41:07/, "the clock");
    assert.match(await sessions(page), /kept/);
    await settled(page, () => page.locator("#undo").click());
    await settled(page, () => page.locator("#undo").click());
    assert.doesNotMatch(await sessions(page), /kept/, "undone, also after the reload");
  });

  test("killed at 100 random points of a burst of writes, the worker has lost nothing that it acknowledged", async () => {
    const page = await open(await visitor());
    const { acknowledged, lost, refused } = await lives(page, { rounds: 100, burst: 16, name: "file" });
    assert.deepEqual(lost, []);
    assert.deepEqual(refused, []);
    assert.ok(acknowledged > 300, `only ${acknowledged} writes were acknowledged`);
    await reload(page);
    await saved(page, "Saved on this device");
  });

  test("so it is in IndexedDB", async () => {
    const page = await open(await visitor(noFiles));
    const { acknowledged, lost, refused } = await lives(page, { rounds: 8, burst: 20, name: "base" });
    assert.deepEqual(lost, []);
    assert.deepEqual(refused, []);
    assert.ok(acknowledged > 20, `only ${acknowledged} writes were acknowledged`);
    assert.deepEqual(await files(page), {});
    await reload(page);
    await saved(page, "Saved on this device");
    await put(page, "in the page");
    await reload(page);
    assert.match(await page.locator("#result").innerText(), /in the page/);
  });

  test("pages that crash and pages that are closed have lost nothing that they acknowledged", async () => {
    const context = await visitor();
    /** @type {string[]} */
    const acknowledged = [];
    await context.exposeFunction("acknowledged", (/** @type {string} */ id) => void acknowledged.push(id));
    for (let round = 0; round < 4; round++) {
      const page = await open(context);
      const ended = page.waitForEvent(/** @type {any} */ (round % 2 ? "close" : "crash"));
      const before = acknowledged.length;
      await page.evaluate(burstOfRuns, `r${round}`);
      for (let i = 0; acknowledged.length < before + 2 && i < 1000; i++) await page.waitForTimeout(10);
      await page.waitForTimeout(Math.random() * 100);
      if (round % 2) await page.close();
      else (await context.newCDPSession(page)).send("Page.crash").catch(() => {});
      await ended;
    }
    const page = await open(context);
    const all = await sessions(page);
    assert.ok(acknowledged.length > 6, `only ${acknowledged.length} writes were acknowledged`);
    assert.deepEqual(acknowledged.filter((id) => !all.includes(id)), []);
  });

  for (const [where, setting] of [["private files", ""], ["IndexedDB", noFiles]]) {
    test(`a full disk is said plainly, changes nothing, and is got over: ${where}`, async () => {
      const context = await visitor(`${setting};${fills}`);
      const page = await open(context);
      await fill(page, true);
      await page.locator("#run-button").click(); // reads go on
      await tryPut(page, "never-began");
      await page.locator("#refused", { hasText: "There is no room left" }).waitFor();
      await fill(page, false);
      await put(page, "before");
      assert.equal(await page.locator("#refused").count(), 0, "the notice goes when something works");
      await fill(page, true);
      await tryPut(page, "too-much");
      const notice = page.locator("#refused");
      await notice.waitFor();
      assert.match(await notice.innerText(), /could not be saved.*no room left.*Nothing was lost and nothing was changed.*download this one as a file/s);
      assert.ok(await notice.getByRole("button", { name: "Download file" }).isVisible());
      assert.equal(await page.locator("#engine-failed").isVisible(), false);
      await page.locator("#undo").click();
      await page.waitForTimeout(100);
      const during = await sessions(page);
      assert.match(during, /before/, "an undo that could not be stored was not done");
      assert.doesNotMatch(during, /too-much|never-began/);
      await fill(page, false);
      await put(page, "behind");
      await reload(page);
      const later = await sessions(page);
      assert.match(later, /before/);
      assert.match(later, /behind/);
      assert.doesNotMatch(later, /too-much|never-began/);
      visitors[0].errors = [];
    });
  }

  test("the browser's own quota is met in the same words", async () => {
    const context = await visitor();
    const page = await open(context);
    await put(page, "small");
    const cdp = await context.newCDPSession(page);
    const { usage } = await cdp.send("Storage.getUsageAndQuota", { origin: server.url });
    await cdp.send("Storage.overrideQuotaForOrigin", { origin: server.url, quotaSize: usage + 60_000 });
    await tryPut(page, "x".repeat(300), `filler: { S: "${"y".repeat(200_000)}" }`);
    await page.locator("#refused", { hasText: "There is no room left" }).waitFor();
    await cdp.send("Storage.overrideQuotaForOrigin", { origin: server.url });
    await put(page, "after all");
    await reload(page);
    const all = await sessions(page);
    assert.match(all, /small/);
    assert.match(all, /after all/);
    assert.doesNotMatch(all, /xxx/);
  });

  for (const [where, setting] of [["private files", ""], ["IndexedDB", noFiles]]) {
    test(`of two tabs one works and the other follows, until it takes over: ${where}`, async () => {
      const context = await visitor(setting);
      const first = await open(context);
      await put(first, "one");
      const second = await open(context);
      await saved(second, "Following another tab");
      assert.match(await second.locator("#banner").innerText(), /Another tab is working on this workspace/);
      assert.match(await sessions(second), /one/);

      await put(first, "two");
      await second.locator("#side", { hasText: /Sessions\s*7/ }).waitFor();
      assert.match(await second.locator("#result").innerText(), /6\s+returned/, "what the follower looked at stays");
      assert.match(await sessions(second), /two/);
      await tryPut(second, "forbidden");
      await second.locator("#refused", { hasText: "here it can only be read" }).waitFor();

      await second.bringToFront();
      await settled(second, () => second.getByRole("button", { name: "Take over" }).click());
      await saved(second, "Saved on this device");
      await saved(first, "Following another tab");
      await first.getByRole("button", { name: "Take over" }).waitFor();
      await tryPut(first, "too-late");
      await first.locator("#refused").waitFor();
      await put(second, "three");
      await first.locator("#side", { hasText: /Sessions\s*8/ }).waitFor();

      await second.close();
      await saved(first, "Saved on this device");
      assert.equal(await first.getByRole("button", { name: "Take over" }).count(), 0, "the tab that is left takes it by itself");
      await put(first, "four");
      await reload(first);
      const all = await sessions(first);
      for (const id of ["one", "two", "three", "four"]) assert.match(all, new RegExp(`\\b${id}\\b`));
      assert.doesNotMatch(all, /forbidden|too-late/);
      visitors[0].errors = [];
    });
  }

  test("a tab that is loaded again keeps its workspace, though another follows", async () => {
    const context = await visitor();
    const first = await open(context);
    await put(first, "one");
    const second = await open(context);
    await saved(second, "Following another tab");
    await reload(first);
    await saved(first, "Saved on this device");
    await second.waitForTimeout(3500);
    await saved(second, "Following another tab");
  });

  test("writes that race with a taking over are stored or refused, never lost", async () => {
    const context = await visitor();
    /** @type {string[]} */
    const acknowledged = [];
    await context.exposeFunction("acknowledged", (/** @type {string} */ id) => void acknowledged.push(id));
    const first = await open(context);
    await put(first, "one");
    const second = await open(context);
    await saved(second, "Following another tab");
    for (let round = 0; round < 4; round++) {
      const [owner, other] = round % 2 ? [second, first] : [first, second];
      await owner.bringToFront();
      await owner.evaluate(burstOfRuns, `race${round}`);
      await owner.waitForTimeout(Math.random() * 80);
      await other.bringToFront();
      await settled(other, () => other.getByRole("button", { name: "Take over" }).click());
      await saved(owner, "Following another tab");
    }
    await first.waitForTimeout(200);
    await reload(first);
    const all = await sessions(first);
    assert.ok(acknowledged.length > 0);
    assert.deepEqual(acknowledged.filter((id) => !all.includes(id)), []);
    visitors[0].errors = [];
  });

  test("several workspaces: opened, gone back to, deleted after asking twice", async () => {
    const context = await visitor();
    const page = await open(context);
    const menu = page.locator("#workspaces");
    const openMenu = async () => {
      await settled(page, () => menu.locator("> summary").click());
      await menu.locator("ul:not([aria-busy])").waitFor();
    };
    await openMenu();
    assert.match(await menu.innerText(), /Nothing is stored yet/);
    await page.keyboard.press("Escape");
    await page.locator("#title").fill("First");
    await put(page, "in-first");
    await settled(page, () => page.getByRole("button", { name: "New", exact: true }).click());
    await saved(page, "Nothing to save yet");
    await page.locator("#title").fill("Second");
    await runRequest(
      page,
      `CreateTable { TableName: "Second", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }`,
    );
    await saved(page, "Saved on this device");
    await openMenu();
    assert.deepEqual(await menu.locator("li > button > b").allInnerTexts(), ["Second", "First"]);
    assert.match(await menu.locator("[aria-current]").innerText(), /Second/);
    await settled(page, () => menu.locator("li > button", { hasText: "First" }).click());
    assert.match(await sessions(page), /in-first/);
    assert.equal(await page.locator("#title").inputValue(), "First");
    assert.equal(await menu.evaluate((m) => m.hasAttribute("open")), false);

    await page.locator("#examples summary").click();
    await settled(page, () => page.getByRole("button", { name: "Go back to Second" }).click());
    assert.ok(await page.locator(".tree .table", { hasText: "Second" }).isVisible());
    await reload(page);
    assert.equal(await page.locator("#title").inputValue(), "Second", "the one worked on last");

    await openMenu();
    const first = menu.locator("li", { hasText: "First" });
    await first.locator("summary").click();
    assert.equal(Object.keys(await files(page)).filter((f) => f.endsWith("/journal")).length, 2, "one press deletes nothing");
    await settled(page, () => first.getByRole("button", { name: "Delete “First” for good" }).click());
    assert.equal(Object.keys(await files(page)).filter((f) => f.endsWith("/journal")).length, 1);
    await openMenu();
    assert.deepEqual(await menu.locator("li > button > b").allInnerTexts(), ["Second"]);
    await menu.locator("li summary").click();
    await settled(page, () => menu.getByRole("button", { name: "Delete “Second” for good" }).click());
    await saved(page, "Nothing to save yet");
    assert.equal(await page.locator("#title").inputValue(), "Record shop");
    assert.deepEqual(Object.keys(await files(page)).filter((f) => f.endsWith("/journal")), []);
  });

  test("a link leaves what is stored as it is", async () => {
    const context = await visitor();
    const page = await open(context);
    await page.locator("#title").fill("Mine");
    await put(page, "my own");
    const link = await page.evaluate(async () => {
      /** @type {string[]} */
      const copied = [];
      navigator.clipboard.writeText = async (text) => void copied.push(text);
      window.fetch = async () => Promise.reject(new Error("no server that keeps links"));
      /** @type {HTMLElement} */ (document.querySelector("[data-share=link]")).click();
      while (!copied.length) await new Promise((r) => setTimeout(r, 20));
      return copied[0];
    });
    await page.close();
    const other = await open(context, link.slice(link.indexOf("#")));
    await other.locator("#banner", { hasText: "Opened from a link or file" }).waitFor();
    const was = await files(other);
    await saved(other, "Nothing to save yet");
    await other.locator("#title").fill("From the link");
    await put(other, "theirs");
    await saved(other, "Saved on this device");
    const now = await files(other);
    assert.equal(Object.keys(now).filter((f) => f.endsWith("/journal")).length, 2);
    for (const [file, size] of Object.entries(was)) assert.equal(now[file], size);
    await other.locator("#examples summary").click();
    await settled(other, () => other.getByRole("button", { name: "Go back to Mine" }).click());
    assert.doesNotMatch(await sessions(other), /theirs/);
  });

  test("a damaged journal is not opened, not deleted, and can be downloaded", async () => {
    const context = await visitor();
    const page = await open(context);
    await page.locator("#title").fill("Precious");
    await put(page, "one");
    await page.close();
    const beside = await besides(context);
    const damaged = await beside.evaluate(async () => {
      const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("sortkey");
      for await (const folder of root.values()) {
        const file = await /** @type {FileSystemDirectoryHandle} */ (folder).getFileHandle("journal");
        const text = `${await (await file.getFile()).text()}this is no line\n`;
        const out = await file.createWritable();
        await out.write(text);
        await out.close();
        return text;
      }
      return "";
    });
    await beside.close();
    const again = await open(context);
    const notice = again.locator("#damaged");
    assert.match(await notice.innerText(), /“Precious” could not be opened.*line \d+.*nothing of it was deleted/s);
    assert.equal(await again.locator("#title").inputValue(), "Record shop");
    const [download] = await Promise.all([again.waitForEvent("download"), notice.getByRole("button").click()]);
    assert.equal(await readFile(await download.path(), "utf8"), damaged);
    await again.locator("#title").fill("Another");
    await put(again, "two");
    await saved(again, "Saved on this device");
    assert.equal(Object.keys(await files(again)).filter((f) => f.endsWith("/journal")).length, 2);
    await settled(again, () => again.locator("#workspaces > summary").click());
    await again.locator("#shelf:not([aria-busy]) li > button", { hasText: "Precious" }).click();
    await again.locator("#refused", { hasText: "“Precious” could not be opened" }).waitFor();
    assert.equal(await again.locator("#title").inputValue(), "Another", "the desk stays as it is");
    visitors[0].errors = [];
  });

  test("a browser that keeps nothing is said to", async () => {
    const page = await open(await visitor(noStore));
    await saved(page, "Not kept");
    assert.match(await page.locator("#not-kept").innerText(), /This browser keeps nothing.*gone when this tab is closed/s);
    await put(page, "gone soon");
    assert.match(await sessions(page), /gone soon/);
    await settled(page, () => page.getByRole("button", { name: "New", exact: true }).click());
    await page.locator("#examples summary").click();
    await settled(page, () => page.getByRole("button", { name: /^Go back to/ }).click());
    assert.match(await sessions(page), /gone soon/);
    await reload(page);
    assert.doesNotMatch(await sessions(page), /gone soon/);
  });
});

/** A put that is to be refused: no update of the page to wait for. @param {Page} page @param {string} id @param {string} [more] */
async function tryPut(page, id, more = "") {
  await page.bringToFront();
  await page.locator("request-editor .cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(`PutItem { TableName: "Sessions", Item: { id: { S: "${id}" }, ${more} } }`);
  await page.locator("#run-button").click();
}

/**
 * In the page: runs requests as fast as it can, until it is stopped, and tells
 * of each that was answered with success.
 * @param {string} name
 */
function burstOfRuns(name) {
  const button = /** @type {HTMLElement} */ (document.querySelector("#run-button"));
  let n = 0;
  document.documentElement.dataset.burst = name;
  const over = () => document.documentElement.dataset.burst !== name;
  document.addEventListener("formdata", ({ formData }) => {
    if (!over()) formData.set("text", `PutItem { TableName: "Sessions", Item: { id: { S: "${name}-${n}." } } }`);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { request, response } = /** @type {CustomEvent} */ (event).detail.ctx;
    const id = /"([\w-]+\.)"/.exec(request?.body?.get?.("text") ?? "")?.[1];
    if (!id?.startsWith(name)) return;
    if (response.status === 200) /** @type {any} */ (window).acknowledged(id);
    if (++n < 100 && !over()) button.click();
  });
  button.click();
}
