// @ts-check
// The script of the page of a region in a tab. The page is complete without it;
// this makes it host the region that its address names.
import htmx from "htmx.org";
import { startEngine } from "./host.js";
import { afterForms, followForms } from "./labforms.js";
import { openLab } from "./labpage.js";

/** At most so often the page follows what other tabs do. */
const pace = 100; // ms

let asked = false;

openLab({
  swapped() {
    showTitle();
    afterForms();
  },
});
followForms();
startEngine({ onReady: refresh, onChanged: refresh });

/** Shows what has happened. However often it is asked for, one is under way and at most one more follows. */
async function refresh() {
  if (asked) return;
  asked = true;
  await new Promise((r) => setTimeout(r, pace));
  asked = false;
  await htmx.ajax("GET", "panel", { source: document.body, target: document.body, swap: "none" });
}

/** Tabs are told apart by their titles. */
function showTitle() {
  const title = document.getElementById("hosted-stage")?.dataset.title;
  if (title) document.title = title;
}
