// @ts-check
// Small echoes of what is being set: a slider's figure while it is dragged, and
// the word on a request's button.

export function followForms() {
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches("[data-lag]")) {
      const figure = document.querySelector(`output[for="${CSS.escape(target.id)}"]`);
      if (figure) figure.textContent = `${target.value} ${target.dataset.lag}`;
    }
    if (target instanceof HTMLTextAreaElement && target.form?.matches(".ask")) sayVerb(target);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof HTMLTextAreaElement) || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.target.form?.requestSubmit();
  });
}

/** What is in the boxes stays when an answer comes; the buttons' words are to go with it. */
export function afterForms() {
  document.querySelectorAll(".ask textarea").forEach((area) => sayVerb(/** @type {HTMLTextAreaElement} */ (area)));
}

/** @param {HTMLTextAreaElement} area */
function sayVerb(area) {
  const button = area.form?.querySelector("[data-verb]");
  const word = reads.test(area.value) ? "Read" : "Write";
  if (button && button.textContent !== word) button.textContent = word;
}

/** As LabRegion.verb in components/lab.go. */
const reads = /^\s*(Get|Query|Scan|BatchGet|TransactGet|Describe|List)/;
