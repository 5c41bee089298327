// @ts-check
// The engine's program: downloaded and compiled in the page, while the worker
// that will run it is still starting.

/**
 * Downloads and compiles; the two overlap.
 * @param {(bytes: number, total: number) => void} onProgress uncompressed bytes received
 * @returns {Promise<WebAssembly.Module>} rejects with a ProgramError
 */
export async function loadProgram(onProgress) {
  const source = await download(new URL(SORTKEY_WASM.file, import.meta.url));
  /** @type {unknown} */
  let cut = null;
  const counted = new ReadableStream(counting(source, onProgress, (error) => (cut = error)));
  try {
    return await WebAssembly.compileStreaming(new Response(counted, { headers: { "Content-Type": "application/wasm" } }));
  } catch (error) {
    throw cut ? new ProgramError("fetch", cut) : new ProgramError("compile", error);
  }
}

/**
 * Passes bytes on and counts them. The total is known from the build: with a
 * Content-Encoding the length in the header would be another one. A download
 * that breaks off is noted: to the compiler it would look like a bad program.
 * @param {ReadableStream<Uint8Array>} source
 * @param {(bytes: number, total: number) => void} onProgress
 * @param {(error: unknown) => void} onCut
 * @returns {UnderlyingDefaultSource<Uint8Array>}
 */
function counting(source, onProgress, onCut) {
  const reader = source.getReader();
  let bytes = 0;
  return {
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        bytes += value.byteLength;
        onProgress(bytes, SORTKEY_WASM.bytes);
        controller.enqueue(value);
      } catch (error) {
        onCut(error);
        throw error;
      }
    },
  };
}

/** Why there is no program. */
export class ProgramError extends Error {
  /** @param {"fetch" | "compile"} stage @param {unknown} cause */
  constructor(stage, cause) {
    super(cause instanceof Error ? cause.message : String(cause));
    /** @type {"fetch" | "compile"} */ this.stage = stage;
  }
}

/** @param {URL} url @returns {Promise<ReadableStream<Uint8Array>>} */
async function download(url) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new ProgramError("fetch", error);
  }
  if (!response.ok || !response.body) throw new ProgramError("fetch", `${SORTKEY_WASM.file}: HTTP ${response.status}`);
  return response.body;
}
