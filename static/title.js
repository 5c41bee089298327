// @ts-check
// The workspace's title is the document's.

export function followTitle() {
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.id === "title") showTitle();
  });
}

export function showTitle() {
  const title = document.getElementById("title");
  if (title instanceof HTMLInputElement) document.title = `${title.value || "Untitled"} · Sortkey`;
}
