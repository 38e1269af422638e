"use strict";
// Tables sort by a click on a heading and, where they are long, show the rows that hold a word.
(() => {
  // Numbers by their value, words as a reader would; what is missing is last in either direction.
  const compare = (a, b, sign) => {
    if (a.missing || b.missing) return a.missing - b.missing;
    if (a.number !== null && b.number !== null) return sign * (a.number - b.number);
    if (a.number !== null || b.number !== null) return a.number !== null ? -1 : 1;
    return sign * a.words.localeCompare(b.words, undefined, {numeric: true});
  };
  const read = (cell) => ({
    words: cell.textContent,
    number: cell.dataset.v === undefined ? null : Number(cell.dataset.v),
    missing: Number(cell.dataset.v === undefined && cell.textContent === "–"),
  });
  const sortBy = (table, heading, column) => {
    const rising = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const rows = Array.from(table.tBodies[0].rows, (row) => ({row, key: read(row.cells[column])}));
    rows.sort((a, b) => compare(a.key, b.key, rising ? 1 : -1));
    table.tBodies[0].append(...rows.map(({row}) => row));
  };
  const addFilter = (figure, table) => {
    const rows = Array.from(table.tBodies[0].rows);
    const box = document.createElement("div");
    box.className = "filter";
    const label = document.createElement("label");
    label.textContent = "Rows with ";
    const input = document.createElement("input");
    input.type = "search";
    const count = document.createElement("output");
    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      count.textContent = `${shown} of ${rows.length} rows`;
    };
    input.addEventListener("input", show);
    label.append(input);
    box.append(label, count);
    figure.insertBefore(box, figure.querySelector(".scroll"));
    show();
  };
  for (const figure of document.querySelectorAll("figure.table")) {
    const table = figure.querySelector("table");
    Array.from(table.tHead.rows[0].cells).forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sortBy(table, heading, column));
    });
    if (figure.hasAttribute("data-filter")) addFilter(figure, table);
  }
})();
