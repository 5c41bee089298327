// @ts-check
// Where the engine cannot start: the page says why, in words, and what was
// painted stays.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, needsBrowser, openPage, startServer } from "./harness.js";

/** @import {Browser, Page} from "playwright-core" */

/** @type {import("./harness.js").Server} */
let server;
/** @type {Browser} */
let browser;

const cases = [
  {
    name: "the engine's file is missing",
    break: (/** @type {Page} */ page) => page.context().route("**/*.wasm", (r) => r.fulfill({ status: 404, body: "gone" })),
    says: /could not be downloaded/,
    detail: /HTTP 404/,
  },
  {
    name: "the connection breaks",
    break: (/** @type {Page} */ page) => page.context().route("**/*.wasm", (r) => r.abort("connectionreset")),
    says: /could not be downloaded/,
    detail: /fetch/i,
  },
  {
    name: "the engine's file is damaged",
    break: (/** @type {Page} */ page) =>
      page.context().route("**/*.wasm", (r) => r.fulfill({ contentType: "application/wasm", body: "not wasm at all" })),
    says: /could not compile/,
    detail: /WebAssembly|magic/i,
  },
  {
    name: "the worker's script is missing",
    break: (/** @type {Page} */ page) => page.context().route("**/worker.*.js", (r) => r.fulfill({ status: 404, body: "" })),
    says: /could not be downloaded/,
    detail: /worker/,
  },
  {
    name: "the browser has no WebAssembly",
    break: (/** @type {Page} */ page) => page.addInitScript("delete globalThis.WebAssembly"),
    says: /needs WebAssembly/,
    detail: /undefined/,
  },
];

describe("an engine that does not start", needsBrowser(), () => {
  before(async () => {
    server = await startServer();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const c of cases) {
    test(c.name, async () => {
      const { page, account } = await openPage(browser, server.url, {
        before: async (page) => {
          await c.break(page);
        },
      });
      const notice = page.locator("#engine-failed");
      await notice.waitFor({ state: "visible" });
      const text = await notice.innerText();
      assert.match(text, c.says);
      assert.match(text, c.detail);
      assert.ok(await page.locator("#result-sheet table").isVisible(), "what was painted stays readable");
      assert.ok(await page.locator("#engine").isHidden(), "no progress bar that never ends");
      await page.locator("#run-button").click();
      await page.waitForTimeout(100);
      const uncaught = account.errors.filter((e) => e.startsWith("uncaught"));
      assert.deepEqual(uncaught, [], "a request that cannot run is no uncaught error");
      assert.deepEqual(account.foreign, []);
      await page.context().close();
    });
  }
});
