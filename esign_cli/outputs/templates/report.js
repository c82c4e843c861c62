"use strict";
// Lists can be searched and put in another order; without this script they are read as they stand.
(() => {
  const lang = document.documentElement.lang;
  const words = document.body.dataset;
  const folded = (text) => text.toLocaleLowerCase(lang);
  const value = (row, place) => row.cells[place].dataset.value ?? row.cells[place].textContent;
  const order = (first, second) => first.localeCompare(second, lang, { numeric: true });

  function searchable(table, rows) {
    const field = document.createElement("input");
    field.type = "search";
    field.placeholder = words.search;
    field.setAttribute("aria-label", words.search);
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    field.addEventListener("input", () => {
      const wanted = folded(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = folded(row.textContent);
        row.hidden = !wanted.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      count.textContent = wanted.length ? `${shown} / ${rows.length}` : "";
    });
    const line = document.createElement("p");
    line.className = "search";
    line.append(field, " ", count);
    table.parentElement.before(line);
  }

  function sortable(table, rows) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      head.tabIndex = 0;
      head.title = words.sort;
      head.classList.add("sorts");
      const sort = () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort((a, b) => order(value(a, place), value(b, place)) * (down ? -1 : 1));
        table.tBodies[0].append(...rows);
      };
      head.addEventListener("click", sort);
      head.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          sort();
        }
      });
    });
  }

  for (const table of document.querySelectorAll("table")) {
    const rows = [...table.tBodies[0].rows];
    if (rows.length > 1) {
      searchable(table, rows);
      sortable(table, rows);
    }
  }
})();
