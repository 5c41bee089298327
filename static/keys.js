// @ts-check
// Keyboard: one registry of what can be done, from which come the keys, the
// palette (Ctrl K) and the sheet (?). Nothing is bound while one types but
// running and the palette; Escape leaves.
import { ask } from "./engine.js";
import { insertTemplate, replaceText, requestText, runRequest } from "./request.js";
import { showPane } from "./panes.js";
import { trouble } from "./status.js";

/**
 * @typedef {object} Command
 * @property {string} name as the palette lists it
 * @property {string} [key] as KeyboardEvent.key has it, pressed alone outside of fields
 * @property {string} [shown] how the key is written, where it is not the key itself
 * @property {() => void} run
 */

const mac = /mac|iphone|ipad/i.test(navigator.userAgent);
const chord = mac ? "⌘" : "Ctrl ";

/** @param {string} selector */
const press = (selector) => () => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click();

/** @param {string} selector @param {import("./panes.js").Pane} pane */
const focus = (selector, pane) => () => {
  showPane(pane);
  /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus();
};

/** @type {Command[]} */
const commands = [
  { name: "Run the request", shown: `${chord}↵`, run: runRequest },
  { name: "Find a command, a table or a template", shown: `${chord}K`, run: () => openPalette() },
  { name: "Format the request", key: "f", run: () => void format() },
  { name: "New workspace", key: "n", run: press("[hx-post='desk/new']") },
  { name: "Run or pause the clock", key: "p", run: press("#clock-run") },
  { name: "Undo", key: "u", run: press("#undo") },
  { name: "Redo", key: "r", run: press("#redo") },
  { name: "Go to the tables", key: "1", run: focus("#side .row", "tables") },
  { name: "Go to the request", key: "2", run: focus("#editor", "request") },
  { name: "Go to the result", key: "3", run: focus("#result-sheet", "result") },
  { name: "Go to the receipt", key: "4", run: focus("#receipt", "cost") },
  { name: "Go to the dock", key: "5", run: focus("#dock-sheet", "dock") },
  { name: "Copy a link to this workspace", run: press("[data-share='link']") },
  { name: "Download this workspace", run: press("[data-share='file']") },
  { name: "Open a file", run: press("[data-share='open']") },
  { name: "Light or dark", key: "t", run: press("[data-theme-toggle]") },
  { name: "Keys", key: "?", run: () => openSheet() },
];

export function followKeys() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return openPalette();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event) || document.querySelector("dialog[open]")) return;
    const command = commands.find((c) => c.key === event.key);
    if (!command) return;
    event.preventDefault();
    command.run();
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-palette]")) openPalette();
  });
}

/** @param {KeyboardEvent} event whether it goes into a field, also one in a shadow root */
function typing(event) {
  const at = event.composedPath()[0];
  return at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || !!at.closest("request-editor"));
}

async function format() {
  const reply = await ask("desk/format", { method: "POST", body: new URLSearchParams({ text: requestText() }) }).catch(() => null);
  if (!reply) return; // the page already says that there is no engine
  if (reply.ok) replaceText(await reply.text());
  else trouble("The request cannot be formatted.", await reply.text(), "");
}

/** Everything that can be chosen: the registry, what is in the tables, the templates. @returns {Command[]} */
function choices() {
  const rows = [...document.querySelectorAll("#side .row")].map((row) => ({
    name: row.getAttribute("title") ?? "",
    run: () => /** @type {HTMLElement} */ (row).click(),
  }));
  const templates = [...document.querySelectorAll("#insert [data-template]")].map((item) => ({
    name: `Insert ${item.textContent}`,
    run: () => insertTemplate(item.getAttribute("data-template") ?? ""),
  }));
  return [...commands, ...rows, ...templates];
}

/** @param {string} name @param {Node[]} content */
function dialog(name, ...content) {
  const box = document.createElement("dialog");
  box.className = "palette";
  box.setAttribute("aria-label", name);
  box.append(...content);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", ({ target }) => target === box && box.close());
  document.body.append(box);
  box.showModal();
  return box;
}

function openPalette() {
  if (document.querySelector("dialog[open]")) return;
  const all = choices();
  const input = element("input", { type: "text", placeholder: "Find or run", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-label": "Find or run", autocomplete: "off", spellcheck: "false" });
  const list = element("ul", { id: "palette-list", role: "listbox", "aria-label": "What can be done" });
  const box = dialog("Find or run", input, list);
  let found = all;
  let at = 0;
  const draw = () => {
    list.replaceChildren(...found.map((c, i) => {
      const item = element("li", { role: "option", id: `palette-${i}`, "aria-selected": String(i === at) });
      item.append(c.name, ...hint(c));
      item.addEventListener("click", () => choose(c));
      return item;
    }));
    if (!found.length) list.append(element("li", { class: "none" }, "Nothing has that name."));
    input.setAttribute("aria-activedescendant", found.length ? `palette-${at}` : "");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  /** @param {Command} c */
  const choose = (c) => {
    box.close();
    c.run();
  };
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    found = all.filter((c) => words.every((w) => c.name.toLowerCase().includes(w)));
    at = 0;
    draw();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    if (step && found.length) {
      event.preventDefault();
      at = (at + step + found.length) % found.length;
      draw();
    }
    if (event.key === "Enter" && found[at]) {
      event.preventDefault();
      event.stopPropagation();
      choose(found[at]);
    }
  });
  draw();
}

function openSheet() {
  if (document.querySelector("dialog[open]")) return;
  const rows = commands.filter((c) => c.key || c.shown).map((c) => {
    const row = element("div", {});
    row.append(element("dt", {}, c.name), element("dd", {}));
    row.lastElementChild?.append(...hint(c));
    return row;
  });
  const list = element("dl", {});
  list.append(...rows);
  const close = element("button", { type: "button" }, "Close");
  const note = element("p", { class: "faint" }, "Single keys work outside of text fields. Escape leaves the editor.");
  const box = dialog("Keys", element("h2", {}, "Keys"), list, note, close);
  close.addEventListener("click", () => box.close());
}

/** @param {Command} c */
function hint(c) {
  const key = c.shown ?? c.key;
  return key ? [element("kbd", {}, key)] : [];
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, string>} attributes @param {string} [text]
 */
function element(tag, attributes, text = "") {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.textContent = text;
  return e;
}
