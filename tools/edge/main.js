// @ts-check
// make edge: the worker on http://localhost:8787, until Ctrl-C.
import { startEdge } from "./edge.js";

const edge = await startEdge({ port: Number(process.env.PORT ?? 8787), keep: ".cache/edge-kv", log: (line) => process.stderr.write(line) });
console.log(`Sortkey’s edge is ready: ${edge.url} (workerd on this machine; scenarios are kept in .cache/edge-kv)`);
process.once("SIGINT", () => void edge.stop().then(() => process.exit(0)));
