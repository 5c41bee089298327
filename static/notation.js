// @ts-check
// The request notation, for colouring: what engine/scenario does in Highlight,
// token by token the same (test/notation.test.js holds both to one list).

/**
 * @typedef {"operation" | "key" | "string" | "word" | "placeholder" | "punctuation" | "comment" | "number" | "literal"} Kind
 * @typedef {{kind: Kind, start: number, end: number}} Token offsets in UTF-16 units
 * @typedef {{kind: "word" | "string" | "number" | "punct" | "comment" | "bad", start: number, end: number}} Lexeme
 */

const lexemes = /[{}[\]:,]|#[^\r\n]*|\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)|"(?:\\u[\da-fA-F]{0,4}|\\[^\r\n]|[^"\\\r\n]|\\)*"?|'(?:\\u[\da-fA-F]{0,4}|\\[^\r\n]|[^'\\\r\n]|\\)*'?|[-+.\d][\w$.+-]*|[A-Za-z_$][\w$.-]*|[^ \t\r\n]/gu;

/** @param {string} text @returns {Lexeme["kind"]} */
function kindOf(text) {
  const c = text[0];
  if ("{}[]:,".includes(c)) return "punct";
  if (c === '"' || c === "'") return "string";
  if (c === "#" || text.startsWith("//") || text.startsWith("/*")) return "comment";
  if (/[-+.\d]/.test(c)) return "number";
  return /[A-Za-z_$]/.test(c) ? "word" : "bad";
}

/** @param {string} source @returns {Lexeme[]} */
function lex(source) {
  const all = [];
  for (const match of source.matchAll(lexemes)) {
    all.push({ kind: kindOf(match[0]), start: match.index, end: match.index + match[0].length });
  }
  return all;
}

const expressionPiece = /\\.?|[:#]\w+|[=<>+-]+|\w+|[^]/gu;
const keyword = /^(?:and|or|not|between|in|set|remove|add|delete)$/i;
const functions = new Set([
  "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size",
  "if_not_exists", "list_append",
]);

/** @param {string} piece @returns {Kind} */
function pieceKind(piece) {
  if (piece.length > 1 && (piece[0] === ":" || piece[0] === "#")) return "placeholder";
  if (/^[=<>+-]/.test(piece)) return "word";
  return keyword.test(piece) || functions.has(piece) ? "word" : "string";
}

/**
 * Splits the spelling of an expression string.
 * @param {string} source @param {number} start @param {number} end @param {Token[]} out
 */
function expression(source, start, end, out) {
  let plain = start;
  for (const match of source.slice(start, end).matchAll(expressionPiece)) {
    const kind = pieceKind(match[0]);
    if (kind === "string") continue;
    const at = start + match.index;
    if (plain < at) out.push({ kind: "string", start: plain, end: at });
    plain = at + match[0].length;
    out.push({ kind, start: at, end: plain });
  }
  if (plain < end) out.push({ kind: "string", start: plain, end });
}

/** @param {Lexeme[]} all @param {number} i @param {string} source whether a colon follows lexeme i */
function beforeColon(all, i, source) {
  do i++;
  while (all[i]?.kind === "comment");
  return all[i] !== undefined && source[all[i].start] === ":" && all[i].kind === "punct";
}

/**
 * @param {string} source valid or not
 * @returns {Token[]} in order, not overlapping; white space and what means nothing left out
 */
export function highlight(source) {
  const all = lex(source);
  /** @type {Token[]} */
  const out = [];
  let depth = 0;
  let key = "";
  for (const [i, { kind, start, end }] of all.entries()) {
    const text = source.slice(start, end);
    switch (kind) {
      case "comment":
        out.push({ kind, start, end });
        continue;
      case "punct":
        if ("{[".includes(text)) depth++;
        if ("}]".includes(text)) depth = Math.max(depth - 1, 0);
        if (text !== ":") key = "";
        out.push({ kind: "punctuation", start, end });
        continue;
      case "number":
        out.push({ kind, start, end });
        break;
      case "word":
        if (depth === 0) out.push({ kind: "operation", start, end });
        else if (beforeColon(all, i, source)) {
          out.push({ kind: "key", start, end });
          key = text;
          continue;
        } else if (/^(?:true|false|null)$/.test(text)) out.push({ kind: "literal", start, end });
        break;
      case "string":
        if (beforeColon(all, i, source)) {
          out.push({ kind, start, end });
          key = text.replace(/^["']+|["']+$/g, "");
          continue;
        }
        if (depth > 0 && key.endsWith("Expression")) expression(source, start, end, out);
        else out.push({ kind, start, end });
    }
    key = "";
  }
  return out;
}

/**
 * The operation that a text asks for.
 * @param {string} source
 * @returns {string} "" where that cannot be told
 */
export function operationOf(source) {
  const first = lex(source).find((l) => l.kind !== "comment");
  const word = first?.kind === "word" ? source.slice(first.start, first.end) : "";
  return /^[A-Z][A-Za-z]{2,}$/.test(word) ? word : "";
}

/** The classes of request.css, by kind. @type {Record<Kind, string>} */
export const classes = {
  operation: "op", key: "k", string: "s", word: "w", placeholder: "v", punctuation: "p", comment: "c", number: "s", literal: "s",
};
