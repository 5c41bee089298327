// @ts-check
// Loaded before the page's own script, which is twenty times as large: the
// engine's download starts while that one is still on its way.
import { startEngine } from "./host.js";

startEngine();
