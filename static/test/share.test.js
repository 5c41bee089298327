// @ts-check
// Links and files: what one visitor makes opens for another, whole, read-only
// until edited, and inert where it is hostile.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { launch, needsBrowser, openPage, ready, runRequest, settled, startServer } from "./harness.js";

/** @import {Browser, Page} from "playwright-core" */
/** @import {Server} from "./harness.js" */

/** @type {Server} */
let server;
/** @type {Browser} */
let browser;

/** @param {string} [path] */
async function open(path = "") {
  const one = await openPage(browser, server.url.replace(/\/$/, "") + "/" + path);
  await ready(one.page);
  await one.page.locator("request-editor .cm-content").waitFor();
  return one;
}

/** @param {Page} page @returns {Promise<string>} the link's fragment */
async function link(page) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.route("**/api/scenarios", (route) => route.abort()); // no server that keeps: the link has to hold everything
  await page.locator("#share > summary").click();
  await page.locator("[data-share=link]").click();
  await page.waitForFunction(() => /copied/i.test(document.getElementById("said")?.textContent ?? ""));
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  return copied.slice(copied.indexOf("#"));
}

describe("links and files", needsBrowser(), () => {
  before(async () => {
    server = await startServer();
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  test("a link opens whole, and touches nothing of the visitor's", async () => {
    const mine = await open();
    await runRequest(mine.page, `PutItem { TableName: "Sessions", Item: { id: { S: "from-the-link" } } }`);
    await runRequest(mine.page, `Scan { TableName: "Sessions" }`);
    const fragment = await link(mine.page);
    await mine.page.context().close();

    const { page, account } = await open(fragment);
    await page.locator("#banner .notice").waitFor();
    assert.match(await page.locator("#banner").innerText(), /Opened from a link or file/);
    assert.match(await page.locator("#result-sheet").innerText(), /from-the-link/);
    await runRequest(page, `PutItem { TableName: "Sessions", Item: { id: { S: "mine-now" } } }`);
    assert.equal(await page.locator("#banner .notice").count(), 0);
    assert.deepEqual(account.errors, []);
    assert.deepEqual(account.foreign, []);
    await page.context().close();
  });

  test("a file goes out and comes back by the chooser and by dropping", async () => {
    const { page } = await open();
    await runRequest(page, `PutItem { TableName: "Sessions", Item: { id: { S: "in-the-file" } } }`);
    await page.locator("#share > summary").click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-share=file]").click()]);
    assert.equal(download.suggestedFilename(), "record-shop.md");
    const path = await download.path();
    const text = await readFile(path, "utf8");
    assert.match(text, /in-the-file/);
    await page.context().close();

    const other = await open();
    await other.page.locator("#share > summary").click();
    const [chooser] = await Promise.all([other.page.waitForEvent("filechooser"), other.page.locator("[data-share=open]").click()]);
    await settled(other.page, () => chooser.setFiles({ name: "x.md", mimeType: "text/markdown", buffer: Buffer.from(text) }));
    await runRequest(other.page, `Scan { TableName: "Sessions" }`);
    assert.match(await other.page.locator("#result-sheet").innerText(), /in-the-file/);
    await settled(other.page, () =>
      other.page.evaluate((content) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content], "dropped.md"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      }, "---\nsortkey: 1\ntitle: Dropped\n---\n"),
    );
    assert.equal(await other.page.locator("#title").inputValue(), "Dropped");
    await other.page.context().close();
  });

  test("hostile documents are inert or a clear error", async () => {
    const bad = `<script>document.title="hit"</script><img src=x onerror="document.title='hit'">`;
    const hostile = `---\nsortkey: 1\ntitle: ${JSON.stringify(bad)}\n---\n\n${bad}\n\n\`\`\`dynamodb\nCreateTable { TableName: "Abc", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }\nPutItem { TableName: "Abc", Item: { id: { S: ${JSON.stringify(bad)} }, ${JSON.stringify(bad)}: { S: ${JSON.stringify(bad)} } } }\n\`\`\`\n\n\`\`\`view\nScan { TableName: "Abc" } // ${bad}\n\`\`\`\n`;
    const { page, account } = await open();
    /** @param {Record<string, string>} form */
    const put = (form) =>
      settled(page, () => page.evaluate((values) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([values.file], "x.md"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      }, form));
    await put({ file: hostile });
    assert.match(await page.locator("#result-sheet").innerText(), /<script>/);
    assert.equal(await page.locator("#desk img, #desk script").count(), 0);
    assert.notEqual(await page.title(), "hit");
    assert.deepEqual(account.errors, []);
    await page.context().close();

    for (const fragment of ["#9.AAAA", "#1.AAAA", "#1.not~base64", `#1.${"A".repeat(70_000)}`]) {
      const one = await openPage(browser, server.url.replace(/\/$/, "") + "/" + fragment);
      await ready(one.page);
      await one.page.locator("#refused").waitFor();
      assert.match(await one.page.locator("#refused").innerText(), /cannot be opened/);
      assert.equal(await one.page.locator("#title").inputValue(), "Record shop");
      await one.page.context().close();
    }
  });

  test("what is too long for a link says so and offers a file", async () => {
    const { page } = await open();
    for (let i = 0; i < 3; i++) {
      const noise = Array.from({ length: 60_000 }, (_, n) => String.fromCharCode(97 + ((n * 7919 + i * 104729 + ((n * n) % 131)) % 26))).join("");
      await runRequest(page, `PutItem { TableName: "Sessions", Item: { id: { S: "big${i}" }, noise: { S: "${await page.evaluate((n) => [...crypto.getRandomValues(new Uint8Array(n))].map((b) => b.toString(16).padStart(2, "0")).join(""), 30_000)}${noise.slice(0, 10)}" } } }`);
    }
    await page.locator("#share > summary").click();
    await page.locator("[data-share=link]").click();
    await page.locator("#engine-failed:not([hidden])").waitFor();
    assert.match(await page.locator("#engine-failed").innerText(), /too large for a link[^]*file/);
    await page.context().close();
  });
});
