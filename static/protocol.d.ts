// The messages between the page (host.js) and the engine's worker (worker.js).

/** A request to the page's handler, or, with a target, straight to the engine. */
export type Call =
  | { id: number; method: string; url: string; headers: string[]; body: Uint8Array | null }
  | { id: number; target: string; region: string; body: Uint8Array };

/** headers is flat: name, value, name, value. */
export type Answer = { id: number; status: number; headers: string[]; body: Uint8Array };

/** Where starting failed; "run" is any time after. */
export type Stage = "support" | "fetch" | "compile" | "run";

export type ToWorker =
  | { kind: "start"; assets: Record<string, string> }
  | { kind: "calls"; calls: Call[] };

export type FromWorker =
  | { kind: "progress"; bytes: number; total: number }
  | { kind: "ready"; info: ReadyInfo }
  | { kind: "answers"; answers: Answer[] }
  | { kind: "bug"; message: string }
  | { kind: "fail"; stage: Stage; message: string };

/** Milliseconds since the worker began, for those who measure. */
export type ReadyInfo = { compiledAfter: number; readyAfter: number; wasmBytes: number };

/** What the Go side hands to the worker: see wasm/browser. */
export type Engine = {
  serve(method: string, url: string, headers: string[], body: Uint8Array | null): Omit<Answer, "id">;
  api(target: string, region: string, body: Uint8Array): Omit<Answer, "id">;
};
