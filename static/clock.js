// @ts-check
// The clock that runs: once a second it advances by what has passed, times the
// speed chosen. Whether it runs is a field of the page, so that every answer
// draws it as it is.

/** How often, in milliseconds. */
const every = 1000;
/** The longest that one tick makes up for: a tab in the background sleeps. */
const longest = 5000;

let timer = 0;
let last = 0;
let owed = 0; // engine seconds, less than one

export function followClock() {
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !target.closest("#clock-run")) return;
    if (runs()) return stopClock();
    setRuns("true");
    owed = 1; // so that something is seen at once
    last = performance.now();
    tick();
  });
}

/** After every update: a clock that runs goes on. */
export function afterClock() {
  if (runs() && !timer) timer = window.setTimeout(tick, every);
}

/** The clock stands still: by the button, or because a tick was refused. */
export function stopClock() {
  if (!runs()) return;
  setRuns("false");
  window.clearTimeout(timer);
  timer = 0;
  document.getElementById("clock-run")?.setAttribute("aria-pressed", "false");
  const mode = document.getElementById("clock-mode");
  if (mode) mode.textContent = "FROZEN";
}

function tick() {
  timer = 0;
  const tick = /** @type {HTMLButtonElement | null} */ (document.getElementById("clock-tick"));
  if (!runs() || !tick) return;
  const now = performance.now();
  owed += (Math.min(now - last, longest) / 1000) * speed();
  last = now;
  const by = Math.max(1, Math.floor(owed));
  owed = Math.max(0, owed - by);
  tick.value = String(by);
  tick.click();
}

function speed() {
  const chosen = /** @type {HTMLSelectElement | null} */ (document.getElementById("clock-speed"));
  return Number(chosen?.value) || 1;
}

function field() {
  return /** @type {HTMLInputElement | null} */ (document.getElementById("clock-runs"));
}

function runs() {
  return field()?.value === "true";
}

/** @param {string} value */
function setRuns(value) {
  const input = field();
  if (input) input.value = value;
}
