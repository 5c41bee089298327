// @ts-check
// Writes an answer over what the page shows already. Between two instants of a run
// most elements stay, and have other words: a morph makes all of the answer's
// elements first, to compare them; here the answer's text is read beside the page's
// elements, and only what is otherwise is touched; what reads as the last time is not
// even looked at. What does not fit is left to htmx, which finds a part of its work
// done.
import htmx from "htmx.org";

/**
 * Writes the parts of an answer into the page.
 * @param {string} answer
 * @returns {string} the parts that are left
 */
export function overwrite(answer) {
  return answer.replace(part, (whole, id, html) => {
    const element = document.getElementById(id);
    if (element && new Writing(html).onto(element)) return "";
    forget(); // what htmx is about to change
    return whole;
  });
}

/** The page has changed in another way than by overwrite. */
export function forget() {
  written = new WeakMap();
}

/**
 * What was written last of an element: from start to end of the HTML, up to head its opening tag.
 * @typedef {{html: string, start: number, head: number, end: number}} Written
 */
/** @type {WeakMap<Element, Written>} */
let written = new WeakMap();

const part = /<hx-partial hx-target="#([\w-]+)" hx-swap="outerMorph">([^]*?)<\/hx-partial>\s*/g;
/** A tag or a text, as the engine writes them: it escapes < and > everywhere else. */
const piece = /<(\/?)([a-z][a-z0-9-]*)([^>]*)>|[^<]+/y;
const attribute = / ([^\s=]+)(?:="([^"]*)")?/g;
/** Elements that have no end. */
const lone = new Set(["input", "br", "hr", "img"]);
/** What something besides the engine may hold on to: such elements are kept, which is htmx's to do. */
const held = "[id], [tabindex], [hx-post]";
const holds = / (?:id|tabindex|hx-post)=/;
/** @type {Record<string, string>} */
const escapes = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'" };

/** @param {string} html */
function words(html) {
  return html.includes("&") ? html.replace(/&#?\w+;/g, (escape) => escapes[escape] ?? escape) : html;
}

/** HTML being read, piece by piece, and written into the page. */
class Writing {
  #html;
  #start = 0; // of the piece that is to be written next
  #end = 0;
  /** @type {"text" | "open" | "close" | ""} what it is; nothing where the HTML ends, or cannot be read */
  #kind = "";
  #name = "";
  #rest = ""; // of an opening tag: its attributes

  /** @param {string} html of one element */
  constructor(html) {
    this.#html = html;
    this.#next();
  }

  /** @param {Element} element @returns {boolean} whether all of the HTML is on it now */
  onto(element) {
    return this.#fits(element) && this.#element(element) && this.#kind === "" && this.#start === this.#html.length;
  }

  #next() {
    this.#start = piece.lastIndex = this.#end;
    const found = piece.exec(this.#html);
    if (!found) {
      this.#kind = "";
      return;
    }
    this.#end = piece.lastIndex;
    [, , this.#name = "", this.#rest = ""] = found;
    if (!this.#name) this.#kind = "text";
    else this.#kind = found[1] ? "close" : "open";
  }

  /** Whether a node is what the next piece is of. @param {Node | null} node @returns {node is Element} */
  #fits(node) {
    if (!(node instanceof Element) || this.#kind !== "open" || node.localName !== this.#name) return false;
    return node.id === (/ id="([^"]*)"/.exec(this.#rest)?.[1] ?? "");
  }

  /** @param {Element} element that fits @returns {boolean} whether it is as the HTML says */
  #element(element) {
    const [html, start, head, name] = [this.#html, this.#start, this.#end, this.#name];
    const was = written.get(element);
    if (was && this.#reads(was, was.end)) {
      this.#end = start + was.end - was.start;
      this.#next();
      return true;
    }
    if (element.hasAttribute("hx-morph-skip")) return this.#skip();
    if (!was || !this.#reads(was, was.head)) writeAttributes(element, this.#rest);
    this.#next();
    if (!lone.has(name) && !this.#children(element)) return false;
    written.set(element, { html, start, head, end: this.#start });
    return true;
  }

  /** Whether what comes next reads as something did up to an end. @param {Written} was @param {number} end */
  #reads(was, end) {
    return this.#html.startsWith(was.html.slice(was.start, end), this.#start);
  }

  /** @param {Element} parent @returns {boolean} whether what is in it is as the HTML says */
  #children(parent) {
    let node = parent.firstChild;
    while (this.#kind === "text" || this.#kind === "open") {
      if (this.#kind === "text") {
        node = this.#text(parent, node);
        continue;
      }
      const kept = this.#ahead(node);
      if (kept) {
        if (!clear(node, kept) || !this.#element(kept)) return false;
        node = kept.nextSibling;
      } else if (node instanceof Text) {
        const text = node;
        node = text.nextSibling;
        text.remove();
      } else if (!this.#insert(parent, node)) {
        return false;
      }
    }
    if (this.#kind !== "close" || !clear(node, null)) return false;
    this.#next();
    return true;
  }

  /** @param {Element} parent @param {ChildNode | null} node @returns {ChildNode | null} what follows the text */
  #text(parent, node) {
    const text = words(this.#html.slice(this.#start, this.#end));
    this.#next();
    if (!(node instanceof Text)) {
      parent.insertBefore(new Text(text), node);
      return node;
    }
    if (node.data !== text) node.data = text;
    return node.nextSibling;
  }

  /** The element that the next piece is of, if it is one of the next few. @param {ChildNode | null} node */
  #ahead(node) {
    for (let far = 0; node && far < 8; node = node.nextSibling, far++) {
      if (this.#fits(node)) return node;
    }
    return null;
  }

  /** Makes the next element anew. @param {Element} parent @param {ChildNode | null} before what follows it in the page */
  #insert(parent, before) {
    const from = this.#start;
    let depth = 0;
    do {
      if (this.#kind === "") return false;
      if (this.#kind === "close") depth--;
      if (this.#kind === "open" && !lone.has(this.#name)) depth++;
      this.#next();
    } while (depth > 0);
    const html = this.#html.slice(from, this.#start);
    if (holds.test(html)) return false;
    if (before instanceof Element) before.insertAdjacentHTML("beforebegin", html);
    else parent.insertAdjacentHTML("beforeend", html);
    return true;
  }

  /** Leaves an element as it is. */
  #skip() {
    const name = this.#name;
    while (this.#kind !== "" && !(this.#kind === "close" && this.#name === name)) this.#next();
    this.#next();
    return true;
  }
}

/** Removes what stands before a node. @param {ChildNode | null} node @param {ChildNode | null} end @returns {boolean} whether it may go */
function clear(node, end) {
  while (node && node !== end) {
    if (node instanceof Element && (node.matches(held) || node.querySelector(held))) return false;
    const old = node;
    node = node.nextSibling;
    old.remove();
  }
  return true;
}

/** @param {Element} element @param {string} html its attributes */
function writeAttributes(element, html) {
  const ignored = (/** @type {string} */ name) => htmx.config.morphIgnore.some((/** @type {string} */ begin) => name.startsWith(begin));
  if (!html && !element.hasAttributes()) return;
  let count = 0;
  let renewed = false;
  for (const [, name, value = ""] of html.matchAll(attribute)) {
    count++;
    const text = words(value);
    if (element.getAttribute(name) === text || ignored(name)) continue;
    element.setAttribute(name, text);
    renewed ||= name.startsWith("hx-");
    if (name === "value" && element instanceof HTMLInputElement && element !== document.activeElement) element.value = text;
  }
  if (element.attributes.length > count) {
    const names = [...html.matchAll(attribute)].map(([, name]) => name);
    for (const { name } of [...element.attributes]) {
      if (names.includes(name) || ignored(name)) continue;
      element.removeAttribute(name);
      renewed ||= name.startsWith("hx-");
    }
  }
  if (renewed) htmx.process(element, true);
}
