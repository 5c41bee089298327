// What lies beside these scripts in the worker: the loading scripts that
// workers-assets-gen of github.com/syumai/workers writes.

declare module "*/runtime.mjs" {
  export function loadModule(): Promise<WebAssembly.Module>;
  export function createRuntimeContext(context: { env: object; ctx: object | undefined; binding: object }): object;
}

/** A Go loader that hands the program a context of its own; it defines globalThis.Go. */
declare module "*/wasm_exec.js";
