// @ts-check
// Pictures of the page's states at two widths and in both themes, for looking
// at: `make screens` writes them to .cache/screens/.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launch, openPage, ready, startServer } from "./harness.js";
import { states } from "./states.js";

const folder = fileURLToPath(new URL("../../.cache/screens/", import.meta.url));
// `node static/test/screens.js first` makes the pictures of one state only.
const only = process.argv[2];
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

await mkdir(folder, { recursive: true });
const server = await startServer();
const browser = await launch();
for (const viewport of sizes) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const state of states) {
      if ((state.phone && viewport.width > 760) || (only && state.name !== only)) continue;
      const { page, account } = await openPage(browser, server.url, { viewport, colorScheme, reducedMotion: "reduce" });
      await ready(page);
      await state.reach(page);
      const file = `${state.name}-${viewport.width}-${colorScheme}.png`;
      await page.screenshot({ path: folder + file });
      console.log(`.cache/screens/${file}${account.errors.length ? `  ${account.errors}` : ""}`);
      await page.context().close();
    }
  }
}
await browser.close();
await server.stop();
