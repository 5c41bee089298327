// @ts-check
// The calculators of the page of what things cost, in Chromium.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findings } from "./axe.js";
import { launch, needsBrowser, openPage, ready, settled, startServer } from "./harness.js";

/** @import {Browser, Page} from "playwright-core" */
/** @import {Server} from "./harness.js" */

describe("capacity", needsBrowser(), () => {
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

  /**
   * @param {string} search
   * @param {(page: Page) => Promise<void>} act
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  async function onPage(search, act, options) {
    const { page, account } = await openPage(browser, `${server.url}/capacity/${search}`, options);
    await ready(page);
    await act(page);
    await page.context().close();
    assert.deepEqual(account.errors, []);
    assert.deepEqual(account.foreign, []);
  }

  /** @param {Page} page @param {string} text */
  const paste = (page, text) => settled(page, () => page.getByLabel("Item in DynamoDB JSON").fill(text));
  /** @param {Page} page @param {string} name */
  const verdict = (page, name) => page.locator(".verdict dl > div", { hasText: name }).locator("dd").first();

  test("an item that is pasted is weighed and charged by the engine", () =>
    onPage("", async (page) => {
      assert.equal(await page.locator("#item-sizes tfoot .num").innerText(), "743");
      assert.match(await verdict(page, "with byStatus and byTotal").innerText(), /^3\s+WRU$/);
      await paste(page, `{"id": "s-1", "user": "é", "tries": 120, "seen": [1, {"at": null}]}`);
      const rows = await page.locator("#item-sizes .sizes").first().locator("tbody tr").allInnerTexts();
      assert.deepEqual(rows.map((r) => r.split(/\s+/).slice(0, 5).join(" ")), ["id S 2 3 5", "user S 4 2 6", "tries N 5 3 8", "seen L 4 14 18"]);
      assert.match(await page.locator("#item-notes").innerText(), /Taken for plain JSON/);
      assert.equal(await page.locator("#item-table option:checked").innerText(), "the one whose keys it has: Sessions");
      assert.match(await verdict(page, "Write it").innerText(), /^1\s+WRU$/);
      assert.equal(await page.locator("#said").innerText(), "The item has 37 bytes.");
      await page.locator("#item-sizes details summary").click();
      assert.match(await page.locator("#item-sizes details").innerText(), /\[1\]\.at/);
    }));

  test("a faulty item has a caret, and nothing of it is lost", () =>
    onPage("", async (page) => {
      const text = `{\n  id: {S: "x"},\n  n: {N: 5}\n}`;
      await paste(page, text);
      const notes = page.locator("#item-notes");
      assert.match(await notes.innerText(), /digits of a number go in quotes/);
      assert.match(await notes.innerText(), /NUMBER_VALUE cannot be converted to String/);
      assert.equal(await notes.locator(".spot em").evaluate((e) => e.firstChild?.textContent), "5");
      assert.equal(await notes.locator(".member").innerText(), "line 3");
      const area = page.getByLabel("Item in DynamoDB JSON");
      assert.equal(await area.inputValue(), text);
      assert.equal(await area.getAttribute("aria-invalid"), "true");
      assert.equal(await page.locator("#item-sizes tfoot .num").innerText(), "743", "the item before stays");
      await paste(page, text.replace("5", `"5"`));
      assert.equal(await area.getAttribute("aria-invalid"), null);
      assert.equal(await page.locator("#item-sizes tfoot .num").innerText(), "6");
    }));

  test("other rates have another bill, another break-even and an address", () =>
    onPage("", async (page) => {
      const total = page.locator("#month-bill .bill tfoot").first();
      assert.equal((await total.innerText()).replace(/\s+/g, " "), "A month $750.93 $303.06");
      await settled(page, () => page.locator("#m-writes-field").fill("10"));
      await settled(page, () => page.locator("#m-gsi-field").fill("0"));
      await settled(page, () => page.getByLabel("Point-in-time recovery").uncheck());
      assert.match(await total.innerText(), /\$182\.28\s+\$62\.15/);
      await settled(page, () => page.getByLabel("Prices", { exact: true }).selectOption("before"));
      assert.match(await page.locator("#month-bill .note").first().innerText(), /^14\.4 %\./);
      assert.match((await page.locator("#month-bill figure svg").getAttribute("aria-label")) ?? "", /crosses that at 14\.4 %/);
      assert.equal(new URL(page.url()).search, "?m-gsi=0&m-pitr=off&m-prices=before&m-writes=10");
      const bill = await page.locator("#month-bill").innerText();
      await page.reload();
      await page.waitForFunction((bill) => document.getElementById("month-bill")?.innerText === bill, bill);
      assert.equal(await page.locator("#m-writes-field").inputValue(), "10");
      assert.equal(await page.getByLabel("Point-in-time recovery").isChecked(), false);
    }));

  test("a field that cannot be used says why, and the bill stays", () =>
    onPage("", async (page) => {
      await settled(page, () => page.locator("#m-hours-field").fill("800"));
      assert.equal(await page.locator("#m-hours-field-hint").innerText(), "“800” is not from 1 to 730.");
      assert.equal(await page.locator("#m-hours-field").inputValue(), "800");
      assert.match(await page.locator("#month-bill tfoot").first().innerText(), /\$750\.93/);
      assert.match(await page.locator("#said").innerText(), /1 field/);
    }));

  test("an item's figures are taken into the month", () =>
    onPage("", async (page) => {
      await paste(page, `{"PK": "a", "SK": "b", "total": 5, "note": "${"x".repeat(2000)}"}`);
      // Leaving the box asks for the item once more: either may be answered first.
      await page.getByRole("button", { name: "Price a month of these" }).click();
      await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.getElementById("m-size-field")).value === "2017");
      assert.equal(await page.locator("#m-gsi-field").inputValue(), "0");
      assert.equal(await page.locator("#m-lsi-field").inputValue(), "1");
      assert.match(await page.locator("#month-bill").innerText(), /2 WRU each, 2 for its local index/);
      assert.ok(await page.locator("#month").evaluate((e) => Math.abs(e.getBoundingClientRect().top) < 2), "the month is in sight");
      const address = new URL(page.url()).searchParams;
      assert.equal(address.get("m-size"), "2017");
      assert.match(address.get("item") ?? "", /^{"PK": "a"/);
    }));

  test("a link to an item shows that item", () =>
    onPage(`?item=${encodeURIComponent(`{"id":"linked"}`)}&m-reads=1`, async (page) => {
      await page.waitForFunction(() => document.querySelector("#item-sizes tfoot .num")?.textContent === "8");
      assert.equal(await page.getByLabel("Item in DynamoDB JSON").inputValue(), `{"id":"linked"}`);
      assert.equal(await page.locator("#m-reads-field").inputValue(), "1");
    }));

  test("what is opened stays open, and Enter leads nowhere else", () =>
    onPage("", async (page) => {
      const sums = page.locator("#month-bill > details").first();
      await sums.locator("summary").click();
      await settled(page, () => page.locator("#m-writes-field").fill("240"));
      assert.equal(await sums.evaluate((/** @type {HTMLDetailsElement} */ d) => d.open), true);
      assert.match(await sums.innerText(), /480 units a second × 2,628,000 seconds/);
      await page.evaluate(() => (document.documentElement.dataset.same = "yes"));
      await page.locator("#m-reads-field").fill("2");
      await settled(page, () => page.locator("#m-reads-field").press("Enter"));
      await page.waitForFunction(() => document.getElementById("month-about")?.textContent?.includes("2 reads"));
      assert.equal(await page.evaluate(() => document.documentElement.dataset.same), "yes");
    }));

  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`axe finds nothing, ${colorScheme}`, () =>
      onPage(
        "",
        async (page) => {
          await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
          assert.deepEqual(await findings(page), []);
          await paste(page, `{ id: {S: 5} }`);
          await settled(page, () => page.locator("#m-hours-field").fill("800"));
          assert.deepEqual(await findings(page), []);
        },
        { colorScheme, reducedMotion: "reduce" },
      ));
  }

  for (const width of [390, 320]) {
    test(`nothing is wider than a screen of ${width} pixels`, () =>
      onPage(
        "",
        async (page) => {
          await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
          const widest = () => page.evaluate(() => document.documentElement.scrollWidth);
          assert.equal(await widest(), width);
          await paste(page, `{ id: {S: "x"}, ${"n".repeat(300)}: {N: 5} }`);
          assert.equal(await widest(), width);
        },
        { viewport: { width, height: 844 } },
      ));
  }
});
