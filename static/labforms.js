// @ts-check
// Small echoes of what is being set: a slider's figure while it is dragged, and
// the word on a request's button.

export function followForms() {
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches("[data-lag]")) {
      const figure = document.querySelector(`output[for="${CSS.escape(target.id)}"]`);
      if (figure) figure.textContent = `${target.value} ${target.dataset.lag}`;
    }
    if (target instanceof HTMLTextAreaElement && target.form?.matches(".ask")) {
      const button = target.form.querySelector("[data-verb]");
      if (button) button.textContent = reads.test(target.value) ? "Read" : "Write";
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof HTMLTextAreaElement) || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.target.form?.requestSubmit();
  });
}

/** As LabRegion.verb in components/lab.go. */
const reads = /^\s*(Get|Query|Scan|BatchGet|TransactGet|Describe|List)/;
