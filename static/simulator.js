// @ts-check
// The simulator's clock, and what its sliders do while they are held. All state
// is in the form, which every answer draws anew; here is only what is due.

import { engineFetch } from "./host.js";

/** How often a running clock advances, in milliseconds; seldom where motion is not wanted. */
const every = 250;
const everyReduced = 1000;
/** The longest that one tick makes up for: a tab in the background sleeps. */
const longest = 2000;

let timer = 0;
let last = 0;
let owed = 0; // minutes, less than a step
let asked = false; // a tick is on its way
let stopped = false; // and the clock was stopped meanwhile: its answer does not know
let looking = ""; // the minute that the slider has asked for, "" for none

export function followSimulator() {
  const section = document.getElementById("hour");
  if (section) seen.observe(section);
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !target.closest("#hour-run")) return;
    if (runs()) return stopSimulator();
    setRuns(true);
    owed = step(); // so that something is seen at once
    last = performance.now();
    tick();
  });
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.id === "hour-at") scrub(target);
    else pair(target);
  });
}

/** The run that the page shows was worked out when it was built: when it comes into view, here too, little by little. */
const seen = new IntersectionObserver(async (entries, observer) => {
  const form = document.getElementById("hour-form");
  if (!entries.some((e) => e.isIntersecting) || !(form instanceof HTMLFormElement)) return;
  observer.disconnect();
  const fields = new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)]));
  const until = Number(fields.get("h-have"));
  for (let minute = 10 * step(); minute <= until; minute += 10 * step()) {
    fields.set("h-have", String(minute));
    fields.set("h-until", String(minute));
    fields.set("h-at", String(minute));
    await engineFetch(`hour?look=1&${fields}`).catch(() => {});
  }
});

/** After every answer of the section: what is not finished goes on, and so does a clock that runs. */
export function afterSimulator() {
  if (stopped) setRuns(false);
  asked = stopped = false;
  const shown = looking;
  looking = "";
  if (shown && slider()?.value !== shown) return look();
  keepAddress();
  const more = document.getElementById("hour-more");
  if (more) setTimeout(() => document.contains(more) && more.click());
  else if (runs() && !timer) timer = window.setTimeout(tick, calm() ? everyReduced : every);
}

/** The clock stands still: by the button, by the slider, or because something was refused. */
export function stopSimulator() {
  looking = "";
  if (!runs()) return;
  setRuns(false);
  stopped = asked;
  window.clearTimeout(timer);
  timer = 0;
}

function tick() {
  timer = 0;
  const go = button("hour-tick");
  if (!runs() || !go) return;
  const now = performance.now();
  owed += (Math.min(now - last, longest) / 60_000) * speed();
  last = now;
  const by = Math.floor(owed / step()) * step();
  if (by === 0) {
    timer = window.setTimeout(tick, every);
    return;
  }
  owed -= by;
  go.value = String(by);
  asked = true;
  go.click();
}

/**
 * The minute that the slider has come to is drawn, even while it is held. The
 * answer leaves the slider alone.
 * @param {HTMLInputElement} slider
 */
function scrub(slider) {
  if (runs()) stopSimulator();
  const minute = (Number(slider.dataset.start) + Number(slider.value)) % (24 * 60);
  const clock = [minute / 60, minute % 60].map((n) => String(Math.floor(n)).padStart(2, "0")).join(":");
  slider.setAttribute("aria-valuetext", clock);
  const output = slider.parentElement?.querySelector("output");
  if (output) output.textContent = clock;
  for (const [step, end] of [["-1", slider.min], ["1", slider.max]]) {
    const button = document.querySelector(`#hour-transport [name="step"][value="${step}"]`);
    if (button instanceof HTMLButtonElement) button.disabled = slider.value === end;
  }
  if (!looking) look();
}

function look() {
  looking = slider()?.value ?? "";
  button("hour-look")?.click();
}

/**
 * A number and its slider go together.
 * @param {HTMLInputElement} input
 */
function pair(input) {
  const other = input.dataset.of ? document.getElementById(input.dataset.of) : document.querySelector(`[data-of="${CSS.escape(input.id)}"]`);
  if (other instanceof HTMLInputElement && input.closest("#hour-knobs")) other.value = input.value;
}

/** The address leads back to what is shown. What other sections have there stays. */
function keepAddress() {
  const link = document.getElementById("hour-link");
  if (!(link instanceof HTMLAnchorElement)) return;
  const address = new URL(location.href);
  for (const name of [...address.searchParams.keys()]) if (name.startsWith("h-")) address.searchParams.delete(name);
  for (const [name, value] of new URL(link.href).searchParams) address.searchParams.set(name, value);
  address.hash = "hour";
  link.href = address.href;
  if (!runs()) history.replaceState(history.state, "", address);
}

/** In minutes. */
function step() {
  return Number(slider()?.step) || 1;
}

function slider() {
  return /** @type {HTMLInputElement | null} */ (document.getElementById("hour-at"));
}

function speed() {
  const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector("[name='h-speed']:checked"));
  return Number(chosen?.value) || 600;
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function runs() {
  return field()?.value === "true";
}

/** @param {boolean} yes */
function setRuns(yes) {
  const input = field();
  if (input) input.value = String(yes);
  button("hour-run")?.setAttribute("aria-pressed", String(yes));
}

function field() {
  return /** @type {HTMLInputElement | null} */ (document.getElementById("hour-runs"));
}

/** @param {string} id */
function button(id) {
  return /** @type {HTMLButtonElement | null} */ (document.getElementById(id));
}
