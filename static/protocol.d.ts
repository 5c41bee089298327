// The messages between a page (host.js) and its engine's worker (worker.js, labworker.js,
// regionworker.js).

/** A request to the page's handler, or, with a target, straight to the engine. */
export type Call =
  | { id: number; method: string; url: string; headers: string[]; body: Uint8Array | null }
  | { id: number; target: string; region: string; body: Uint8Array };

/** headers is flat: name, value, name, value. */
export type Answer = { id: number; status: number; headers: string[]; body: Uint8Array };

/** Where starting failed; "run" is any time after. */
export type Stage = "support" | "fetch" | "compile" | "run";

/**
 * open comes first, so that what is stored is read while the program is on its
 * way; here is the workspace that this tab worked on last, if it knows one.
 * fresh: the page shows something of its own, so nothing stored is to be on the
 * desk. search is the query of the page's address. scenario is what that is, null where it is the example. page is which of
 * the pages beside the desk it is, "" on the desk.
 */
export type ToWorker =
  | { kind: "open"; here: string; fresh: boolean; search: string }
  | { kind: "start"; program: WebAssembly.Module; assets: Record<string, string>; scenario: string | null; page: string }
  | { kind: "calls"; calls: Call[] };

/**
 * restored: a stored workspace is on the desk, which the page does not show
 * yet. changed: so has something happened to it that the page did not ask for.
 */
export type FromWorker =
  | { kind: "ready"; restored: boolean }
  | { kind: "answers"; answers: Answer[] }
  | { kind: "kept"; kept: KeptState }
  | { kind: "changed" }
  | { kind: "bug"; message: string }
  | { kind: "fail"; stage: Stage; message: string };

/**
 * How the workspace on the desk is stored: not yet, in this browser, by another
 * tab, or not at all, and why. any: something is stored. damaged: a stored one
 * that could not be opened.
 */
export type KeptState = {
  word: "new" | "saved" | "follows" | "none";
  id: string;
  any: boolean;
  why: string;
  damaged: { id: string; title: string; why: string } | null;
};

export type Reply = Omit<Answer, "id">;

/**
 * What the Go side hands to the worker: see wasm/browser. Where it says wrong it
 * returns what went wrong, "" for nothing.
 */
export type Engine = {
  serve(method: string, url: string, body: Uint8Array | null, take?: (reply: Reply) => void): Reply;
  api(target: string, region: string, body: Uint8Array): Reply;
  keep(): Keep;
  revert(): Wrong;
  owe(): Wrong;
  load(id: string, journal: Uint8Array, snapshot: Uint8Array, follows: boolean): Wrong;
  bring(id: string, journal: Uint8Array, snapshot: Uint8Array, follows: boolean): Wrong;
  extend(lines: Uint8Array): Wrong;
  follow(other: boolean): Wrong;
  /** A flat list: id, title, when, id, title, when. */
  shelf(list: string[]): Wrong;
};

/** The same of wasm/lab. */
export type Lab = Pick<Engine, "serve">;

/** The same of wasm/lab on the page of a region: web/global.Hosted. */
export type Region = Pick<Engine, "serve"> & {
  open(group: string, region: string, journal: Uint8Array, snapshot: Uint8Array): Wrong;
  stand(group: string, region: string, words: string, why: string): void;
  unkept(why: string): void;
  present(regions: string[], known: boolean): void;
  hear(letter: string): void;
  beat(): void;
  say(): string[];
  keep(): { lines: Uint8Array | null; snapshot: Uint8Array | null };
  revert(): void;
  edition(): number;
};

type Wrong = string;

/** web.Keep: here and back are the ids of the workspace on the desk and of the one before. */
export type Keep = { here: string; back: string } & (
  | { lines: null }
  | {
      lines: Uint8Array;
      workspace: string;
      title: string;
      begins: boolean;
      light: boolean;
      snapshot: Uint8Array | null;
    }
);
