// @ts-check
// Around the editor: the run button, templates, and what is known of the text
// that ran last.
import { ask } from "./engine.js";
import { closeMenus } from "./menus.js";
import { operationOf } from "./notation.js";
import { showPane } from "./panes.js";

/** @typedef {import("./editor.js").RequestEditorElement} RequestEditorElement */

/** The text of the last run, or of the last replacement. @type {string} */
let ran = "";
/** The edition that the server gave last. @type {string | null} */
let edition = null;
/** The table that a request went to last. */
let touched = "";

/** Answers to the editor, its form and the template buttons. */
export function followRequest() {
  ran = editor().querySelector("textarea")?.defaultValue ?? "";
  edition = editor().getAttribute("edition");
  touched = touchedTable() ?? "";
  document.addEventListener("formdata", ({ formData, target }) => {
    if (!(target instanceof HTMLFormElement) || target.id !== "run") return;
    ran = textOf(editor());
    formData.set("text", ran);
  });
  document.addEventListener("request-edit", relabel);
  document.addEventListener("input", ({ target }) => target instanceof HTMLTextAreaElement && relabel());
  document.addEventListener("request-run", runRequest);
  document.addEventListener("request-leave", () => document.getElementById("run-button")?.focus());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    runRequest();
  });
  document.addEventListener("click", ({ target }) => {
    const op = target instanceof Element && target.closest("[data-template]")?.getAttribute("data-template");
    if (op) void insertTemplate(op);
  });
  document.addEventListener("desk-turned", () => {
    editor().reset?.();
    edition = null;
    afterSwap();
  });
}

/** After every update: a replaced text counts as run, and the place of a problem is marked. */
export function afterSwap() {
  if (editor().getAttribute("edition") !== edition) ran = textOf(editor());
  edition = editor().getAttribute("edition");
  touched = touchedTable() ?? touched;
  relabel();
  const { from, to } = document.getElementById("plan")?.dataset ?? {};
  if (textOf(editor()) === ran) editor().mark?.(from && to ? { from: +from, to: +to } : null);
}

function touchedTable() {
  return document.querySelector(".tree > li:has(.on) .table")?.textContent;
}

/** Runs what is in the editor. */
export function runRequest() {
  const form = document.getElementById("run");
  if (form instanceof HTMLFormElement) form.requestSubmit();
}

/** The button wears the operation, the plan line tells whether it is of this text. */
function relabel() {
  const text = textOf(editor());
  const operation = operationOf(text);
  const button = document.getElementById("run-button");
  button?.classList.toggle("scan", operation === "Scan");
  const label = button?.querySelector("[data-operation]");
  if (label) label.textContent = operation || "Run";
  const hold = document.getElementById("hold-button");
  if (hold) hold.hidden = operation !== "TransactWriteItems";
  const edited = document.querySelector("#plan [data-edited]");
  if (edited instanceof HTMLElement) edited.hidden = text === ran;
}

/**
 * Puts a template into the editor, filled in for the table that was touched.
 * @param {string} op
 */
export async function insertTemplate(op) {
  closeMenus();
  const reply = await ask(`desk/template?${new URLSearchParams({ op, table: touched })}`).catch(() => null);
  if (!reply?.ok) return; // the page already says that there is no engine
  replaceText((await reply.text()).trimEnd());
}

/** Puts a text into the editor, as typing it would. @param {string} text */
export function replaceText(text) {
  showPane("request");
  if (customElements.get("request-editor")) editor().replace(text);
  else /** @type {HTMLTextAreaElement} */ (editor().querySelector("textarea")).value = text;
  editor().focus();
  relabel();
}

/** What is in the editor. */
export function requestText() {
  return textOf(editor());
}

function editor() {
  return /** @type {RequestEditorElement} */ (document.getElementById("editor"));
}

/** @param {RequestEditorElement} element also before its script has come */
function textOf(element) {
  return element.value ?? element.querySelector("textarea")?.value ?? "";
}
