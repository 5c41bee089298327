// What tools/site puts into the bundles.

/** The engine's file, beside the page's script, and its size in bytes uncompressed. */
declare const SORTKEY_WASM: { file: string; bytes: number };

/** The worker's file, beside the page's script. */
declare const SORTKEY_WORKER: string;

/** Go's own loader, taken from GOROOT/lib/wasm at build time; it defines globalThis.Go. */
declare module "wasm_exec.js";

declare class Go {
  importObject: WebAssembly.Imports;
  exited: boolean;
  exit: (code: number) => void;
  run(instance: WebAssembly.Instance): Promise<void>;
}

/** The site that the service worker keeps: its files and pages, relative to it, and a name for their contents. */
declare const SORTKEY_SITE: { version: string; files: string[]; pages: string[] };
