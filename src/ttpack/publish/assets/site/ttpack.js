// A filter field above each long table: rows that hold every typed word stay. Without scripts all rows show.
(() => {
  "use strict";

  const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

  const show = (table, words, count) => {
    let shown = 0, total = 0, group = null, groupShown = 0;
    const close = () => { if (group) group.hidden = groupShown === 0; };
    for (const row of table.tBodies[0].rows) {
      if (row.classList.contains("tt-group")) {
        close();
        group = row;
        groupShown = 0;
        continue;
      }
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      total += 1;
      if (!row.hidden) { shown += 1; groupShown += 1; }
    }
    close();
    count.textContent = words.length ? `${shown} of ${total} rows` : `${total} rows`;
  };

  document.querySelectorAll("table.tt-filterable").forEach((table, index) => {
    const bar = document.createElement("div");
    bar.className = "tt-filter";
    const label = document.createElement("label");
    const field = document.createElement("input");
    const count = document.createElement("span");
    const name = table.caption ? table.caption.textContent : "table";
    label.htmlFor = field.id = `tt-filter-${index}`;
    label.textContent = "Filter";
    field.type = "search";
    field.placeholder = "type to narrow the rows";
    field.autocomplete = "off";
    field.setAttribute("aria-label", `Filter ${name}`);
    count.setAttribute("role", "status");
    bar.append(label, field, count);
    table.closest(".tt-scroll").before(bar);
    field.addEventListener("input", () => show(table, wordsOf(field.value), count));
    show(table, [], count);
  });

  // The engine gives its search no name.
  for (const dialog of document.querySelectorAll('[role="dialog"]:not([aria-label])')) dialog.setAttribute("aria-label", "Search");

  // A link to a hidden row must still lead there.
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.hidden) { target.hidden = false; target.scrollIntoView(); }
  });
})();
