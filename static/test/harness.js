// @ts-check
// What the browser and client tests stand on: a server on a free port, a
// Chromium, and a page that keeps account of everything that went wrong in it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
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
 * @property {() => string} log what it has written to stderr
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
        log: () => log,
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
 * @param {BrowserContextOptions & {before?: (page: Page) => Promise<void>}} [options]
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
