// @ts-check
// What the page says about the work being kept, and how it follows another tab.
import htmx from "htmx.org";
import { ask, pointsAtTab } from "./engine.js";
import { startEngine } from "./host.js";
import { remember } from "./memory.js";
import { bold, button, notice, refused } from "./notices.js";
import { leaveShared, save } from "./share.js";

/** @import {KeptState} from "./protocol.js" */

/** @type {Record<KeptState["word"], string>} */
const words = { new: "Nothing to save yet", saved: "Saved on this device", follows: "Following another tab", none: "Not kept" };

/** @type {KeptState | null} */
let kept = null;

/**
 * @param {(html: string) => Promise<unknown>} show puts another desk in place
 */
export function followKept(show) {
  const refresh = oneAtATime(() => refreshDesk(show));
  startEngine({
    onKept: tell,
    async onReady(restored) {
      if (restored) {
        await refreshDesk(show);
        document.dispatchEvent(new CustomEvent("desk-turned"));
      }
      delete document.documentElement.dataset.returning;
    },
    onFail() {
      delete document.documentElement.dataset.returning;
    },
    onChanged: refresh,
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target instanceof HTMLDetailsElement && target.id === "workspaces" && target.open) void refreshShelf();
  }, true);
  document.addEventListener("click", ({ target }) => {
    const id = target instanceof Element && target.closest("[data-journal]")?.getAttribute("data-journal");
    if (id) void downloadJournal(id);
  });
  document.addEventListener("htmx:after:swap", showWord);
}

/** Asks for the desk as it is now, and shows it. @param {(html: string) => Promise<unknown>} show */
async function refreshDesk(show) {
  if (!pointsAtTab()) return;
  const form = new FormData();
  for (const id of ["result-view", "dock-tab"]) {
    const input = document.getElementById(id);
    if (input instanceof HTMLInputElement) form.set(input.name, input.value);
  }
  const reply = await ask(`desk?${new URLSearchParams(/** @type {any} */ (form))}`).catch(() => null);
  if (reply?.ok) await show(await reply.text());
}

/**
 * However often it is asked for, one is under way and at most one more follows.
 * @param {() => Promise<void>} act
 */
function oneAtATime(act) {
  let busy = false;
  let again = false;
  return async () => {
    again = busy;
    if (busy) return;
    busy = true;
    do {
      again = false;
      await act();
    } while (again);
    busy = false;
  };
}

/** Other tabs store too. The list is not shown before it is right: it must not move under the pointer. */
async function refreshShelf() {
  document.getElementById("shelf")?.setAttribute("aria-busy", "true");
  try {
    await htmx.ajax("GET", "desk/shelf", { source: "#shelf", swap: "none" });
  } finally {
    document.getElementById("shelf")?.removeAttribute("aria-busy");
  }
}

/** @param {KeptState} state */
function tell(state) {
  const first = kept?.word === "new" && state.word === "saved";
  kept = state;
  document.documentElement.dataset.kept = state.word;
  remember(state.id, state.any);
  showWord();
  notice("not-kept", state.word === "none", [
    bold("This browser keeps nothing."),
    ` Its storage cannot be used here: ${state.why}. Your work is gone when this tab is closed; download it as a file before. `,
    button("Download file", "data-share", "file"),
  ]);
  const { damaged } = state;
  notice("damaged", damaged !== null, [
    bold(`“${damaged?.title}” could not be opened.`),
    ` What went wrong: ${damaged?.why}. It is still stored, nothing of it was deleted. `,
    button("Download its journal", "data-journal", damaged?.id ?? ""),
  ]);
  if (!first) return;
  leaveShared();
  void keepForGood();
}

function showWord() {
  const place = document.getElementById("saved");
  if (place && kept) place.textContent = words[kept.word];
}

/** Asks the browser not to clear this site's storage when it needs room; whether it does is its own affair. */
async function keepForGood() {
  try {
    if (!(await navigator.storage.persisted())) await navigator.storage.persist();
  } catch {
    // It has no such thing.
  }
}

/** @param {string} id */
async function downloadJournal(id) {
  const reply = await ask(`desk/journal/${id}`);
  if (!reply.ok) return refused(await reply.text());
  save(await reply.blob(), `${kept?.damaged?.title || "workspace"}.journal.jsonl`);
}
