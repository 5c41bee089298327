// @ts-check
// What leaves the tab and what comes into it: links, files, files dropped on
// the page. The engine makes and reads the documents; here are the clipboard,
// the download and the file chooser.
import htmx from "htmx.org";
import { ask, keepsScenarios } from "./engine.js";
import { closeMenus } from "./menus.js";
import { site } from "./place.js";
import { requestText } from "./request.js";
import { trouble } from "./status.js";

/** The longest file that is read; the engine's own limit is a megabyte. */
const longest = 4 << 20;

export function followShare() {
  document.addEventListener("click", ({ target }) => {
    const what = target instanceof Element && target.closest("[data-share]")?.getAttribute("data-share");
    if (!what) return;
    closeMenus();
    if (what === "link") void copyLink();
    if (what === "file") void download();
    if (what === "open") choose();
  });
  document.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  document.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void openFile(file);
  });
  addEventListener("hashchange", openLink);
  openLink();
}

/**
 * What was shared has become the visitor's own: from here on the address is
 * that of their work, which a reload brings back, and no longer what it began
 * with.
 */
export function leaveShared() {
  if (document.getElementById("scenario")) history.replaceState(null, "", site);
}

/** A link carries its workspace behind the #, which no server sees. */
function openLink() {
  const link = location.hash.slice(1);
  if (!/^[0-9]+\./.test(link)) return;
  void put({ link });
}

/** @param {Record<string, string>} values */
function put(values) {
  return htmx.ajax("POST", "desk/open", { values, source: document.body, target: document.body, swap: "none" });
}

/** @param {File} file */
async function openFile(file) {
  if (file.size > longest) {
    trouble("This file is too large.", `A workspace has at most 1 MB; ${file.name} has ${(file.size / 1e6).toFixed(1)} MB.`, "");
    return;
  }
  await put({ file: await file.text() });
}

function choose() {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".md,.txt,text/markdown,text/plain";
  input.addEventListener("change", () => input.files?.[0] && void openFile(input.files[0]));
  input.click();
}

/** @param {string} url @returns {Promise<Response>} */
function made(url) {
  const title = /** @type {HTMLInputElement | null} */ (document.getElementById("title"))?.value ?? "";
  return ask(url, { method: "POST", body: new URLSearchParams({ title, text: requestText() }) });
}

/** What a server keeps of a document, in bytes; web/share says so too. */
const keptLength = 64 << 10;

async function copyLink() {
  try {
    const link = (await shortLink()) ?? (await fullLink());
    try {
      await navigator.clipboard.writeText(link);
      said(`Link copied, ${link.length} characters.`);
    } catch {
      trouble("The link could not be copied.", "The browser does not allow it here. This is the link:", link);
    }
  } catch (error) {
    trouble("There is no link.", error instanceof Error ? error.message : String(error), "");
  }
}

/** A link to what the server keeps from now on; null where it does not. @returns {Promise<string | null>} */
async function shortLink() {
  if (!keepsScenarios()) return null;
  const file = await made("desk/file");
  if (!file.ok) return null;
  const text = await file.blob();
  if (text.size > keptLength) return null;
  try {
    const reply = await window.fetch(new URL("api/scenarios", site), { method: "POST", body: text });
    return reply.ok ? new URL((await reply.json()).page, site).href : null;
  } catch {
    return null; // no network: the other link needs none
  }
}

/** A link that holds everything itself. @returns {Promise<string>} */
async function fullLink() {
  const reply = await made("desk/link");
  const text = await reply.text();
  if (!reply.ok) throw new Error(text);
  return `${site.href}#${text}`;
}

async function download() {
  const reply = await made("desk/file");
  if (!reply.ok) {
    trouble("There is no file.", await reply.text(), "");
    return;
  }
  const name = /filename="([^"]+)"/.exec(reply.headers.get("Content-Disposition") ?? "")?.[1] ?? "workspace.md";
  save(await reply.blob(), name);
  said(`${name} downloaded.`);
}

/** Downloads what is already here. @param {Blob} content @param {string} name of the file */
export function save(content, name) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(content);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}

/** Says it to those who listen and, for a moment, on the button. @param {string} words */
function said(words) {
  const live = document.getElementById("said");
  if (live) live.textContent = words;
  const button = document.querySelector("#share > summary");
  if (!button) return;
  button.textContent = words.split(",")[0].replace(/\.$/, "");
  setTimeout(() => (button.textContent = "Share"), 2500);
}
