// @ts-check
// The script of the page of the lab of global tables. The page is complete without it; this
// makes it answer, play and be sent as a link.
import { htmx } from "./answers.js";
import { openLab } from "./labpage.js";
import { afterForms, followForms } from "./labforms.js";
import { afterPlay, afterTraffic, stopPlay } from "./labplay.js";
import { afterScrub, followScrub, showNow } from "./labscrub.js";
import { afterAddress, followAddress } from "./labshare.js";
import { closeMenus } from "./menus.js";
import { forget, overwrite } from "./overwrite.js";

// A menu stays open while the page changes under it.
htmx.config.morphIgnore.push("open");

/** The address of a region in a tab can be that of this page. */
const search = new URLSearchParams(location.search);
if (search.has("host")) location.replace(`region/${location.search}`);
else begin();

function begin() {
  openLab({
    answered: (action, text) => {
      if (/\bseek$/.test(action)) return overwrite(text);
      forget();
      return text;
    },
    swapped(action) {
      afterPlay();
      afterTraffic();
      afterForms();
      afterScrub(action);
      afterAddress(action);
      if (/\b(traffic|seed)$/.test(action)) closeMenus();
    },
    failed(action) {
      forget();
      stopPlay();
      afterScrub(action);
    },
  });
  followForms();
  followScrub();
  followAddress();
  showNow();
}
