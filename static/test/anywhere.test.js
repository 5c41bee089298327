// @ts-check
// dist/ on a plain static host, in a folder of its own: no headers, no server
// engine, no compression.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { describe, test } from "node:test";
import { launch, needsBrowser, openPage, ready, settled } from "./harness.js";

/** @type {Record<string, string>} */
const kinds = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

/** @param {string} base such as "/some/where/" */
async function plainServer(base) {
  const dist = new URL("../../dist/", import.meta.url);
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const name = path.slice(base.length).replace(/(^|\/)$/, "$1index.html"); // as every static host does
    try {
      if (!path.startsWith(base)) throw new Error("outside");
      const content = await readFile(new URL(name, dist));
      response.writeHead(200, { "Content-Type": kinds[extname(name)] ?? "application/octet-stream" });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://localhost:${port}${base}`, stop: () => (server.close(), server.closeAllConnections()) };
}

describe("dist/ under a path of a static host", needsBrowser(), () => {
  test("works, without a word in the console, under the page's own policy", async () => {
    const server = await plainServer("/some/where/");
    const browser = await launch();
    try {
      const { page, account } = await openPage(browser, server.url);
      await ready(page);
      await page.locator("request-editor .cm-content").waitFor();
      await settled(page, () => page.locator("#run-button").click());
      assert.match(await page.locator("#result .head").innerText(), /returned/);
      assert.ok(await page.locator("#engine-switch").isHidden(), "there is no server's engine to switch to");
      assert.deepEqual(account.errors, []);
      assert.deepEqual(account.foreign, []);

      // The policy in the document holds without any header.
      const refused = await page.evaluate(() => {
        /** @type {Promise<string>} */
        const violation = new Promise((resolve) =>
          document.addEventListener("securitypolicyviolation", (e) => resolve(e.effectiveDirective), { once: true }),
        );
        document.body.append(Object.assign(document.createElement("script"), { textContent: "globalThis.ran = true" }));
        return violation;
      });
      assert.match(refused, /^script-src/);
      assert.equal(await page.evaluate("globalThis.ran"), undefined);
    } finally {
      await browser.close();
      server.stop();
    }
  });

  test("opens and answers without a network after the first visit", async () => {
    const server = await plainServer("/some/where/");
    const browser = await launch();
    try {
      const { page } = await openPage(browser, server.url);
      await ready(page);
      await page.evaluate(async () => {
        const { active, installing, waiting } = await navigator.serviceWorker.ready;
        const worker = active ?? waiting ?? installing;
        if (worker?.state !== "activated") await new Promise((done) => worker?.addEventListener("statechange", done));
      });
      server.stop();
      await page.context().setOffline(true);
      await page.reload();
      await ready(page);
      await page.locator("request-editor .cm-content").waitFor();
      await settled(page, () => page.locator("#run-button").click());
      assert.match(await page.locator("#result .head").innerText(), /5\s*returned/);
      await page.goto(`${server.url}capacity/?m-writes=7`);
      await ready(page);
    } finally {
      await browser.close();
      server.stop();
    }
  });
});
