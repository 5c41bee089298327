// @ts-check
// The run that plays: ten times a second the engine is moved by what has passed,
// times the speed, and between two answers the messages on the links and the
// rule for now go on by themselves. Where motion is not wanted it steps from one
// thing that happens to the next instead.
import { byId } from "./status.js";

/** How often, in milliseconds. */
const every = 100;
/** How long one sees each step where nothing may move. */
const calm = 1200;
/** The longest that one tick makes up for: a tab in the background sleeps. */
const longest = 500;
/** The diagram's inner width, in its own units: components/labtime.go. */
const inner = 732;

let timer = 0;
let frame = 0;
let last = 0; // when the engine was asked to move
let owed = 0; // run milliseconds, less than one

/** After every answer: a run that plays goes on. */
export function afterPlay() {
  if (!time().playing) return stopPlay();
  if (timer) return;
  if (!last) last = performance.now();
  timer = window.setTimeout(tick, still() ? calm : every);
  if (!still() && !frame) frame = requestAnimationFrame(move);
}

/** After every answer: traffic is recorded piece by piece, so that it can be stopped. */
export function afterTraffic() {
  setTimeout(() => document.getElementById("traffic-more")?.click());
}

/** Nothing is asked for until the run is played again. */
export function stopPlay() {
  window.clearTimeout(timer);
  cancelAnimationFrame(frame);
  timer = frame = last = owed = 0;
}

function tick() {
  timer = 0;
  if (!time().playing) return stopPlay();
  if (still()) return byId("step").click();
  const now = performance.now();
  owed += Math.min(now - last, longest) * time().speed;
  last = now;
  const by = Math.floor(owed);
  owed -= by;
  if (by === 0) return afterPlay();
  /** @type {HTMLButtonElement} */ (byId("tick")).value = String(by);
  byId("tick").click();
}

/** Draws what flies where it is at this very moment. */
function move() {
  const { playing, speed, now, from, to } = time();
  frame = playing ? requestAnimationFrame(move) : 0;
  const ahead = Math.min(performance.now() - last, longest) * speed + owed;
  for (const message of document.querySelectorAll("g.msg")) {
    const { sent, due, from: start, room, y } = numbers(message, ["sent", "due", "from", "room", "y"]);
    const gone = Math.min(Math.max((now + ahead - sent) / Math.max(due - sent, 1), 0), 1);
    message.setAttribute("transform", `translate(${start + gone * room} ${y})`);
  }
  const rule = document.querySelector(".spacetime .now-rule");
  rule?.setAttribute("transform", `translate(${(Math.min(ahead, to - now) * inner) / Math.max(to - from, 1)} 0)`);
}

/** @param {Element} element @param {string[]} names of data attributes */
function numbers(element, names) {
  return Object.fromEntries(names.map((name) => [name, Number(element.getAttribute(`data-${name}`))]));
}

/** What the page says of the run. */
function time() {
  const { playing, speed, now, from, to } = byId("lab-time").dataset;
  return { playing: playing === "true", speed: Number(speed), now: Number(now), from: Number(from), to: Number(to) };
}

function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
