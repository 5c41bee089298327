// @ts-check
// The desk's script. The page is complete without it; this makes it answer:
// htmx for every request, each sent to the engine that the page looks at.
import htmx from "htmx.org";
import { afterClock, followClock, stopClock } from "./clock.js";
import { ask, trouble, watchEngine, working } from "./engine.js";
import { followKept, refused } from "./kept.js";
import { followKeys } from "./keys.js";
import { closeMenus } from "./menus.js";
import { followPanes, showPane } from "./panes.js";
import { afterSwap, followRequest } from "./request.js";
import { followShare } from "./share.js";
import { followTabs } from "./tabs.js";
import { followTitle, showTitle } from "./title.js";
import { showTree } from "./tree.js";

document.addEventListener("htmx:config:request", (event) => {
  htmxContext(event).fetch = ask;
});

document.addEventListener("htmx:after:swap", (event) => {
  const { request, response } = htmxContext(event);
  if (!response || response.status < 400) {
    working();
    refused("");
  }
  if (!/\bdesk\/shelf\b/.test(request?.action ?? "")) closeMenus(); // that one is the menu itself
  showTitle();
  showTree();
  afterSwap();
  afterClock();
  if (/^desk\/(run|new|undo-new|example|open|workspace\/\w+)$/.test(request?.action ?? "")) showPane("result");
});

document.addEventListener("htmx:response:error", (event) => {
  const { response, text = "", request } = htmxContext(event);
  if (/^desk\/clock\b/.test(request?.action ?? "")) stopClock();
  const status = response?.status ?? 0;
  if ((status >= 400 && status < 500) || status === 507) refused(text, status === 507);
  else trouble("That did not work.", `The engine answered with HTTP ${response?.status}.`, text.slice(0, 400));
});

/**
 * @param {Event} event one of htmx's
 * @returns {{fetch: typeof ask, request?: {action: string}, response?: {status: number}, text?: string}}
 */
function htmxContext(event) {
  return /** @type {CustomEvent} */ (event).detail.ctx;
}

followRequest();
followTabs();
followPanes();
followTitle();
followShare();
followKeys();
followClock();
showTree();
/** @param {string} html of another state of the desk, or another engine's */
function show(html) {
  const target = /** @type {Element} */ (document.getElementById("desk"));
  return htmx.swap({ text: html, sourceElement: document.body, target, swap: "outerMorph" });
}

watchEngine(show);
followKept(show);
import("./editor.js").then(afterSwap);
