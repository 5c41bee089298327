// @ts-check
// What the pages beside the desk have in common: their requests are answered by
// the worker of wasm/lab.
import { answerWith } from "./answers.js";
import { engineFetch, engineReady } from "./host.js";
import { refused } from "./notices.js";
import { loading, trouble, untroubled, watchStart } from "./status.js";

/**
 * Makes the page answer.
 * @param {object} [on]
 * @param {(action: string) => void} [on.swapped] an answer is in the page; action is what was asked for
 * @param {(action: string) => void} [on.failed] the engine has refused
 * @param {(action: string, text: string) => string} [on.answered] puts an answer into the page, and gives what htmx is to swap
 */
export function openLab(on = {}) {
  answerWith(
    (url, init) => {
      if (!engineReady()) loading();
      return engineFetch(url, init);
    },
    {
      answered: ({ action }, text) => on.answered?.(action, text) ?? text,
      swapped({ action }, failed) {
        if (failed) return;
        untroubled();
        refused("");
        on.swapped?.(action);
      },
      failed({ action }, status, text) {
        if ((status >= 400 && status < 500) || status === 507) refused(text);
        else trouble("That did not work.", `The engine answered with HTTP ${status}.`, text.slice(0, 400));
        on.failed?.(action);
      },
    },
  );
  watchStart();
}
