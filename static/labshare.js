// @ts-check
// The address: what is on the page stands in it, so that it can be sent and
// reloaded. The preset, the seed and the instant are its query; requests of the
// visitor's own make the whole run a scenario, behind the #.
import htmx from "htmx.org";
import { engineFetch } from "./host.js";
import { closeMenus } from "./menus.js";
import { refused } from "./notices.js";
import { byId } from "./status.js";

/** How long after the last change the address follows, in milliseconds. */
const patience = 300;

let timer = 0;

export function followAddress() {
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-share-lab]")) void copyLink();
  });
  addEventListener("hashchange", openAddress);
  openAddress();
}

/** What the address holds is put on the page. */
function openAddress() {
  const link = location.hash.slice(1);
  if (!link && !location.search) return;
  const values = { ...Object.fromEntries(new URLSearchParams(location.search)), link };
  return htmx.ajax("POST", "open", { values, source: document.body, target: document.body, swap: "none" });
}

/** @param {string} action that was answered */
export function afterAddress(action) {
  window.clearTimeout(timer);
  const { playing, traffic } = byId("lab-time").dataset;
  if (playing === "true" || traffic !== "0" || /\bopen\b/.test(action)) return;
  timer = window.setTimeout(async () => {
    const { link } = await address();
    if (link) history.replaceState(null, "", link);
  }, patience);
}

/** The page's own address, with what is on it, or why there is none. */
async function address() {
  const reply = await engineFetch("link");
  const text = await reply.text();
  return reply.ok ? { link: new URL(text, location.href).href, why: "" } : { link: "", why: text };
}

async function copyLink() {
  closeMenus();
  const { link, why } = await address();
  if (!link) return refused(why);
  history.replaceState(null, "", link);
  await navigator.clipboard.writeText(link);
  byId("said").textContent = "The link is on the clipboard.";
}
