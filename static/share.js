// @ts-check
// What leaves the tab and what comes into it: links, files, files dropped on
// the page. The engine makes and reads the documents; here are the clipboard,
// the download and the file chooser.
import htmx from "htmx.org";
import { ask, trouble } from "./engine.js";
import { closeMenus } from "./menus.js";
import { requestText } from "./request.js";

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

async function copyLink() {
  const reply = await made("desk/link");
  const text = await reply.text();
  if (!reply.ok) {
    trouble("There is no link.", text, "");
    return;
  }
  const link = `${location.href.split("#")[0]}#${text}`;
  try {
    await navigator.clipboard.writeText(link);
    said(`Link copied, ${link.length} characters.`);
  } catch {
    trouble("The link could not be copied.", "The browser does not allow it here. This is the link:", link);
  }
}

async function download() {
  const reply = await made("desk/file");
  if (!reply.ok) {
    trouble("There is no file.", await reply.text(), "");
    return;
  }
  const name = /filename="([^"]+)"/.exec(reply.headers.get("Content-Disposition") ?? "")?.[1] ?? "workspace.md";
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(await reply.blob());
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  said(`${name} downloaded.`);
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
