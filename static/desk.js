// @ts-check
// The desk's script. The page is complete without it; this makes it answer:
// every request is sent to the engine that the page looks at.
import htmx from "htmx.org";
import { answerWith } from "./answers.js";
import { afterClock, followClock, stopClock } from "./clock.js";
import { ask, watchEngine, working } from "./engine.js";
import { followKept } from "./kept.js";
import { followKeys } from "./keys.js";
import { closeMenus } from "./menus.js";
import { refused } from "./notices.js";
import { followPanes, showPane } from "./panes.js";
import { afterSwap, followRequest } from "./request.js";
import { followShare } from "./share.js";
import { trouble } from "./status.js";
import { followTabs } from "./tabs.js";
import { followTitle, showTitle } from "./title.js";
import { showTree } from "./tree.js";

answerWith(ask, {
  swapped({ action }, failed) {
    if (!failed) {
      working();
      refused("");
    }
    if (!/\bdesk\/shelf\b/.test(action)) closeMenus(); // that one is the menu itself
    showTitle();
    showTree();
    afterSwap();
    afterClock();
    if (/^desk\/(run|new|undo-new|example|open|workspace\/\w+)$/.test(action)) showPane("result");
  },
  failed({ action }, status, text) {
    if (/^desk\/clock\b/.test(action)) stopClock();
    if (status >= 400 && status < 500 || status === 507) refused(text, status === 507);
    else trouble("That did not work.", `The engine answered with HTTP ${status}.`, text.slice(0, 400));
  },
});

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
