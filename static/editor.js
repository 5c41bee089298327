// @ts-check
// <request-editor>: CodeMirror over the form's textarea. It lives in a shadow
// root, where its styles need no permission of the page's policy. Without it,
// or before it has loaded, the textarea and the coloured text below the
// element are what one reads and types into.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { bracketMatching, indentService, indentUnit } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, drawSelection, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { classes, highlight } from "./notation.js";

/** @import {DecorationSet, ViewUpdate} from "@codemirror/view" */

const colourLimit = 200_000; // UTF-16 units; a longer text stays plain

/** @type {Map<string, Decoration>} */
const marks = new Map([...new Set(Object.values(classes))].map((c) => [c, Decoration.mark({ class: c })]));

/** @param {string} text @returns {DecorationSet} */
function colours(text) {
  if (text.length > colourLimit) return Decoration.none;
  return Decoration.set(
    highlight(text).map((t) => /** @type {Decoration} */ (marks.get(classes[t.kind])).range(t.start, t.end)),
  );
}

const colouring = ViewPlugin.define(
  (view) => ({
    decorations: colours(view.state.doc.toString()),
    /** @param {ViewUpdate} update */
    update(update) {
      if (update.docChanged) this.decorations = colours(update.state.doc.toString());
    },
  }),
  { decorations: (plugin) => plugin.decorations },
);

/** @type {import("@codemirror/state").StateEffectType<{from: number, to: number} | null>} */
const setFault = StateEffect.define();
const faultMark = Decoration.mark({ class: "bad" });

/** Where the last run found a problem; gone with the next change. */
const fault = StateField.define({
  create: () => /** @type {DecorationSet} */ (Decoration.none),
  update(set, tr) {
    for (const effect of tr.effects) {
      if (!effect.is(setFault)) continue;
      return effect.value ? Decoration.set(faultMark.range(effect.value.from, effect.value.to)) : Decoration.none;
    }
    return tr.docChanged ? Decoration.none : set;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** A line is as deep as the one above, one step more after an opening bracket and one less before a closing one. */
const indent = indentService.of((context, pos) => {
  const before = context.lineAt(pos, -1).text.slice(0, pos - context.lineAt(pos, -1).from);
  const after = context.lineAt(pos, 1).text.trimStart();
  const depth = /^ */.exec(before)?.[0].length ?? 0;
  if (/[{[]\s*$/.test(before)) return depth + (/^[}\]]/.test(after) ? 0 : 2);
  return depth;
});

/**
 * Typing over a selection. Chromium, left to do it, joins lines by writing
 * style attributes, which the page's policy refuses with an error; so the text
 * goes in as CodeMirror's own change.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const text = event.data;
    if (event.inputType !== "insertText" || text === null || empty || view.composing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const handled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, text, insert));
    if (!handled) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

const look = EditorView.theme({
  "&": { color: "var(--code-key)", backgroundColor: "transparent", minHeight: "116px", maxHeight: "var(--editor-height)" },
  "&.cm-focused": { outline: "2px solid transparent", outlineOffset: "-2px", boxShadow: "inset 2px 0 0 var(--accent)" },
  ".cm-scroller": { font: "inherit", lineHeight: "inherit", overflow: "auto" },
  ".cm-content": { padding: "2px 0 6px", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 16px 0 0", unicodeBidi: "plaintext" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--text-faint)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "40px", padding: "0 12px 0 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-mid)" },
  ".cm-placeholder": { color: "var(--text-faint)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--sunken)", outline: "1px solid var(--line-strong)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent" },
  ".k": { color: "var(--text-soft)" },
  ".s": { color: "var(--code-string)" },
  ".w": { color: "var(--code-word)", fontWeight: "600" },
  ".p, .c": { color: "var(--code-quiet)" },
  ".v": { color: "var(--text)", textDecoration: "underline dotted var(--line-strong)", textUnderlineOffset: "3px" },
  ".op": { color: "var(--text)", fontWeight: "700" },
  ".bad, .bad *": { color: "var(--fault)", textDecoration: "underline wavy 1px var(--fault)", textUnderlineOffset: "4px" },
});

class RequestEditor extends HTMLElement {
  static observedAttributes = ["edition"];

  /** @type {EditorView | null} */
  #view = null;

  connectedCallback() {
    if (this.#view) return;
    const textarea = this.#textarea();
    const hadFocus = document.activeElement === textarea;
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    this.#view = new EditorView({ root, parent: root, state: this.#state(textarea.value) });
    if (hadFocus) this.#view.focus();
  }

  /** The server has put another text into the textarea; morphing does so right after it set the attribute. */
  attributeChangedCallback(/** @type {string} */ _, /** @type {string | null} */ old) {
    if (old !== null && this.#view) queueMicrotask(() => this.reset());
  }

  get value() {
    return this.#view ? this.#view.state.doc.toString() : this.#textarea().value;
  }

  /** Takes the textarea's text, as the server gave it. */
  reset() {
    this.replace(this.#textarea().value);
  }

  /**
   * Replaces the text, as one step that can be undone.
   * @param {string} text
   */
  replace(text) {
    if (text === this.value) return;
    if (!this.#view) {
      this.#textarea().value = text;
      return;
    }
    const { state } = this.#view;
    this.#view.dispatch({ changes: { from: 0, to: state.doc.length, insert: text }, selection: { anchor: 0 }, annotations: isolateHistory.of("full"), scrollIntoView: true });
  }

  /**
   * Underlines a place, in UTF-16 units; null takes the line away.
   * @param {{from: number, to: number} | null} place
   */
  mark(place) {
    const view = this.#view;
    if (!view) return;
    const end = view.state.doc.length;
    const to = place ? Math.min(Math.max(place.to, place.from + 1), end) : 0;
    const known = place !== null && place.from < to;
    view.dispatch({ effects: setFault.of(known ? { from: place.from, to } : null) });
  }

  focus() {
    if (this.#view) this.#view.focus();
    else this.#textarea().focus();
  }

  #textarea() {
    return /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
  }

  /** @param {string} text */
  #state(text) {
    const edited = EditorView.updateListener.of((update) => {
      if (update.docChanged) this.dispatchEvent(new CustomEvent("request-edit", { bubbles: true }));
    });
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), indent, indentUnit.of("  "),
        EditorState.tabSize.of(2), colouring, fault, typeOver, look, edited, EditorView.lineWrapping,
        placeholder("Query { TableName: … }"),
        keymap.of([
          { key: "Mod-Enter", run: () => this.#ask("request-run") },
          { key: "Escape", run: () => this.#ask("request-leave") },
          ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap,
        ]),
        EditorView.contentAttributes.of({
          "aria-label": "Request", "aria-description": "Escape leaves the editor. Control or Command and Enter run the request.",
          spellcheck: "false", autocapitalize: "off", autocorrect: "off",
        }),
      ],
    });
  }

  /** @param {string} event */
  #ask(event) {
    this.dispatchEvent(new CustomEvent(event, { bubbles: true }));
    return true;
  }
}

customElements.define("request-editor", RequestEditor);

/** @typedef {RequestEditor} RequestEditorElement */
