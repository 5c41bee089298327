// @ts-check
// The script of the page of what things cost. The page is complete without it; this
// makes it answer, and keeps its address such that it leads back to the figures shown.
import { htmx } from "./answers.js";
import { engineFetch } from "./host.js";
import { openLab } from "./labpage.js";
import { afterSimulator, followSimulator, stopSimulator } from "./simulator.js";
import { showTree } from "./tree.js";

// What a visitor has opened stays open when the figures in it change.
htmx.config.morphIgnore.push("open");

let follows = false;

openLab({
  swapped(action) {
    showTree();
    if (/\bhour\b/.test(action)) afterSimulator();
    if (/\b(item|month)$/.test(action)) calculated();
  },
  failed(action) {
    follows = false;
    if (/\bhour\b/.test(action)) stopSimulator();
  },
});
// A month of this item: the bill is further down.
document.addEventListener("click", ({ target }) => {
  follows ||= target instanceof Element && target.matches("[name=take]");
});
followSimulator();
showTree();
if (location.search) showAddress();

/** A calculator has answered. */
function calculated() {
  keepAddress();
  if (follows) document.getElementById("month")?.scrollIntoView();
  follows = false;
}

/** The page was built without what its address asks for. */
async function showAddress() {
  const response = await engineFetch("./" + location.search);
  const target = document.getElementById("main");
  const main = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
  if (!response.ok || !target || !main) return;
  const simulated = [...new URLSearchParams(location.search).keys()].some((name) => name.startsWith("h-"));
  const hour = document.getElementById("hour");
  if (!simulated && hour) main.querySelector("#hour")?.replaceWith(hour.cloneNode(true)); // it is the one that was built
  await htmx.swap({ text: main.outerHTML, sourceElement: document.body, target, swap: "outerMorph" });
  if (simulated) afterSimulator();
}

/** Takes what the calculators have to say into the address. What other sections have there stays. */
function keepAddress() {
  const link = document.getElementById("state-link");
  if (!(link instanceof HTMLAnchorElement)) return;
  const figures = new URL(link.href).searchParams;
  const address = new URL(location.href);
  for (const name of [...address.searchParams.keys()]) {
    if (isOurs(name)) address.searchParams.delete(name);
  }
  for (const [name, value] of figures) address.searchParams.set(name, value);
  history.replaceState(history.state, "", address);
  link.href = address.href;
}

/** @param {string} name of a field of the calculators */
function isOurs(name) {
  return name.startsWith("m-") || ["item", "as", "table", "hash", "sort"].includes(name);
}
