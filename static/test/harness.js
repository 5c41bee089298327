// @ts-check
// What the browser and client tests stand on: a server on a free port, a
// Chromium, and a page that keeps account of everything that went wrong in it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** @import {Browser, BrowserContextOptions, Page, Request} from "playwright-core" */

const root = fileURLToPath(new URL("../../", import.meta.url));

/** @returns {string | null} the Chromium to use */
export function chromiumPath() {
  const names = [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"];
  const folders = ["", ...(process.env.PATH ?? "").split(delimiter)];
  for (const name of names) {
    for (const folder of folders) {
      const path = name && join(folder, name);
      if (path && path.includes("/") && existsSync(path)) return path;
    }
  }
  return null;
}

/**
 * The options of a test that needs a browser: skipped without one, but not where
 * CI is set, where it is to fail.
 * @returns {{skip?: string}}
 */
export function needsBrowser() {
  return chromiumPath() || process.env.CI ? {} : { skip: "no Chromium: install one or set CHROMIUM" };
}

/**
 * @typedef {object} Server
 * @property {string} url without a slash at the end
 * @property {(line: RegExp) => Promise<void>} logs waits for a line on its stderr
 * @property {() => Promise<number | null>} stop ends it as Ctrl-C does; resolves to its exit code
 */

/**
 * Starts tools/serve on a free port.
 * @param {string[]} [flags]
 * @returns {Promise<Server>}
 */
export function startServer(flags = []) {
  const binary = join(root, ".cache/bin/serve");
  const args = ["-addr", "127.0.0.1:0", "-dist", join(root, "dist"), ...flags];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let out = "";
  let log = "";
  child.stderr.on("data", (chunk) => (log += chunk));
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`${binary}: ${error.message} (make builds it)`)));
    child.once("exit", (code) => reject(new Error(`serve ended with ${code}: ${log}`)));
    child.stdout.on("data", (chunk) => {
      out += chunk;
      const url = /http:\/\/\S+/.exec(out)?.[0];
      if (!url) return;
      resolve({
        url,
        logs: async (line) => {
          for (let wait = 0; !line.test(log); wait++) {
            if (wait > 100) throw new Error(`no ${line} in the server's log: ${log}`);
            await sleep(20);
          }
        },
        stop: () => {
          child.kill("SIGINT");
          return ended;
        },
      });
    });
  });
}

/**
 * Launches Chromium with a profile of its own.
 * @returns {Promise<Browser>}
 */
export function launch() {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error("no Chromium: install one or set CHROMIUM");
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Launches Chromium with a profile in a folder, so that its caches outlive a page.
 * @param {(context: import("playwright-core").BrowserContext) => Promise<void>} use
 */
export async function withProfile(use) {
  const folder = await mkdtemp(join(tmpdir(), "sortkey-profile-"));
  const executablePath = chromiumPath() ?? undefined;
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  });
  try {
    await use(context);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @typedef {object} Account
 * @property {string[]} errors console errors, uncaught exceptions, failed requests
 * @property {string[]} foreign URLs of other hosts that were asked for
 * @property {string[]} requests paths asked for, in order
 */

/**
 * Opens a page of its own context and keeps account of it.
 * @param {Browser} browser
 * @param {string} url
 * @param {BrowserContextOptions & {before?: (page: Page) => Promise<unknown>}} [options]
 * @returns {Promise<{page: Page, account: Account}>}
 */
export async function openPage(browser, url, { before, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const account = keepAccount(page, new URL(url).host);
  await before?.(page);
  await page.goto(url);
  return { page, account };
}

/** @param {Page} page @param {string} host @returns {Account} */
function keepAccount(page, host) {
  /** @type {Account} */
  const account = { errors: [], foreign: [], requests: [] };
  page.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") account.errors.push(`${m.type()}: ${m.text()} (${m.location().url})`);
  });
  page.on("pageerror", (error) => account.errors.push(`uncaught: ${error.stack ?? error}`));
  page.on("requestfailed", (r) => account.errors.push(`failed: ${r.url()} ${r.failure()?.errorText}`));
  page.on("response", (r) => {
    if (r.status() >= 400) account.errors.push(`HTTP ${r.status()}: ${r.url()}`);
  });
  page.context().on("request", (/** @type {Request} */ r) => {
    const asked = new URL(r.url());
    if (asked.protocol === "data:" || asked.protocol === "blob:") return;
    if (asked.host === host) account.requests.push(asked.pathname + asked.search);
    else account.foreign.push(r.url());
  });
  return account;
}

/**
 * Waits until the tab's engine answers.
 * @param {Page} page
 */
export async function ready(page) {
  await page.waitForFunction(() => performance.getEntriesByName("engine-ready").length > 0);
}

/**
 * Brings a pane forward where the page shows one at a time.
 * @param {Page} page
 * @param {"tables" | "request" | "result" | "cost" | "dock"} name
 */
export async function showPane(page, name) {
  const tab = page.locator(`.pane-tabs [data-shows=${name}]`);
  if (await tab.isVisible()) await tab.click();
}

/**
 * Puts a text into the request editor, as typing it would, and runs it.
 * @param {Page} page
 * @param {string} text
 */
export async function runRequest(page, text) {
  await showPane(page, "request");
  const content = page.locator("request-editor .cm-content");
  await content.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
  await settled(page, () => page.locator("#run-button").click());
}

/**
 * Does something that the engine answers, and waits for the answer to be in the page.
 * @param {Page} page
 * @param {() => Promise<unknown>} act
 */
export async function settled(page, act) {
  await page.evaluate(() => {
    const done = () => (document.documentElement.dataset.testSettled = "yes");
    delete document.documentElement.dataset.testSettled;
    document.addEventListener("htmx:after:swap", done, { once: true });
  });
  await act();
  await page.waitForFunction(() => document.documentElement.dataset.testSettled === "yes");
  // What answers the swap runs in its own task.
  await page.evaluate(() => new Promise((r) => requestAnimationFrame(() => setTimeout(r))));
}

/**
 * A second engine like the page's: a worker of the page's own kind, spoken to in
 * the messages of protocol.d.ts. Bodies are strings here.
 * @param {Page} page
 * @param {({method: string, url: string} | {target: string, body: string})[]} calls
 * @returns {Promise<{status: number, text: string}[]>}
 */
export function askWorker(page, calls) {
  return page.evaluate(async (calls) => {
    const asked = performance.getEntriesByType("resource").map((e) => e.name);
    const script = asked.find((name) => /\/worker\.\w+\.js$/.test(name)) ?? "";
    const program = await WebAssembly.compileStreaming(fetch(asked.find((name) => name.endsWith(".wasm")) ?? ""));
    /** @type {Record<string, string>} */
    const assets = {};
    for (const element of document.querySelectorAll("script[src], link[href]")) {
      const url = element.getAttribute("src") ?? element.getAttribute("href") ?? "";
      const parts = /^(?:\.\.\/)?assets\/([\w-]+)\.\w+\.(\w+)$/.exec(url);
      if (parts) assets[`${parts[1]}.${parts[2]}`] = url;
    }
    const worker = new Worker(script, { type: "module" });
    /** @type {(answers: any[]) => void} */
    let finish;
    /** @type {Promise<any[]>} */
    const finished = new Promise((resolve, reject) => {
      finish = resolve;
      worker.onerror = (event) => reject(new Error(event.message));
    });
    const encoder = new TextEncoder();
    worker.onmessage = ({ data }) => {
      if (data.kind === "ready") {
        const messages = calls.map((c, id) =>
          "target" in c
            ? { id, target: c.target, region: "", body: encoder.encode(c.body) }
            : { id, method: c.method, url: c.url, headers: [], body: null },
        );
        worker.postMessage({ kind: "calls", calls: messages });
      }
      if (data.kind === "answers") finish(data.answers);
      if (data.kind === "fail" || data.kind === "bug") finish([{ status: 0, body: encoder.encode(data.message) }]);
    };
    const scenario = JSON.parse(document.getElementById("scenario")?.textContent ?? "null");
    worker.postMessage({ kind: "open", here: "", fresh: scenario !== null });
    worker.postMessage({ kind: "start", program, assets, scenario });
    const answers = await finished;
    worker.terminate();
    return answers.map((a) => ({ status: a.status, text: new TextDecoder().decode(a.body) }));
  }, calls);
}

/**
 * Calls the DynamoDB API of a server without an SDK.
 * @param {string} url
 * @param {string} operation
 * @param {unknown} input
 * @param {string} [region]
 */
export async function call(url, operation, input, region = "us-east-1") {
  const scope = `test/20260101/${region}/dynamodb/aws4_request`;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.0",
      "X-Amz-Target": `DynamoDB_20120810.${operation}`,
      "X-Amz-Date": "20260101T000000Z",
      Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: await response.json() };
}

/**
 * Tests of the desk in Chromium, each on a page of its own: onPage opens one,
 * waits for engine and editor, and sees that nothing went wrong in it.
 * @param {string} name
 * @param {(onPage: (act: (page: Page) => Promise<void>) => Promise<void>) => void} define
 */
export function deskTests(name, define) {
  pageTests(name, "", (onPage) =>
    define((act) =>
      onPage(async (page) => {
        await page.locator("request-editor .cm-content").waitFor();
        await act(page);
      }),
    ),
  );
}

/**
 * Tests of a page in Chromium, each on a page of its own: onPage opens one,
 * waits for the engine, and sees that nothing went wrong in it.
 * @param {string} name
 * @param {string} path of the page below the site, with a query if need be: "capacity/"
 * @param {(onPage: (act: (page: Page) => Promise<void>, options?: BrowserContextOptions & {query?: string}) => Promise<void>) => void} define
 */
export function pageTests(name, path, define) {
  describe(name, needsBrowser(), () => {
    /** @type {Server} */
    let server;
    /** @type {Browser} */
    let browser;
    before(async () => {
      server = await startServer();
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });
    define(async (act, { query = "", ...options } = {}) => {
      const { page, account } = await openPage(browser, `${server.url}/${path}${query}`, options);
      await ready(page);
      await act(page);
      await page.context().close();
      assert.deepEqual(account.errors, []);
    });
  });
}
