// Which revisions there are, and whether this one is the current one: from a list that lies beside the releases.
// Every word of the list is shown as text, and only names that can be a release's folder become an address.
(() => {
  "use strict";

  const place = document.querySelector(".tt-versions");
  if (!place) return;

  const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?$/;
  const DATE = /^\d{4}-\d{2}-\d{2}/;
  const own = place.dataset.release, edition = place.dataset.edition;
  const isText = (value) => typeof value === "string" && value.length > 0 && value.length <= 200;
  const isRevision = (one) => one && typeof one === "object" && isText(one.version) && NAME.test(one.version);
  const listed = Array.isArray(window.ttpackVersions) ? window.ttpackVersions.filter(isRevision).slice(0, 500) : [];

  const statusOf = (one) => isText(one.status) ? one.status.toLowerCase() : "";
  const aliasesOf = (one) => Array.isArray(one.aliases) ? one.aliases.filter(isText) : [];
  const isNamedCurrent = (one) => aliasesOf(one).some((alias) => alias === "current" || alias === "latest");
  const isOut = (one) => ["draft", "superseded", "withdrawn"].includes(statusOf(one));
  const current = listed.find(isNamedCurrent) || listed.find((one) => !isOut(one)) || listed[0];
  const mine = listed.find((one) => one.version === own);

  const made = (tag, css, words) => {
    const element = document.createElement(tag);
    if (css) element.className = css;
    if (words) element.textContent = words;
    return element;
  };
  const linkTo = (one, words) => {
    const link = made("a", "", words);
    link.href = `../../../${encodeURIComponent(one.version)}/${encodeURIComponent(edition)}/data/index.html`;
    return link;
  };
  const released = (one) => isText(one.released) && DATE.test(one.released) ? `, released ${one.released.slice(0, 10)}` : "";

  const banner = (word, ...parts) => {
    const shown = made("aside", "tt-superseded");
    shown.setAttribute("aria-label", "State of this revision");
    const line = made("p", "");
    line.append(made("strong", "", word), ...parts);
    shown.append(line);
    document.querySelector(".md-header").before(shown);
    document.documentElement.classList.add("tt-is-superseded");
    document.body.dataset.state = word;
  };

  const selector = () => {
    const fold = made("details", "tt-versions__fold"), list = made("ul", "");
    fold.append(made("summary", "", `Revision ${own}: all revisions`));
    for (const one of listed) {
      const item = made("li", "");
      if (one === mine) {
        const words = made("strong", "", one.version);
        words.setAttribute("aria-current", "true");
        item.append(words, " (this one)");
      } else {
        item.append(linkTo(one, one.version));
      }
      const told = [statusOf(one), one === current && statusOf(one) !== "current" ? "current" : ""].filter(Boolean);
      item.append(released(one), told.length ? `, ${told.join(", ")}` : "");
      list.append(item);
    }
    fold.append(list);
    fold.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && fold.open) { fold.open = false; fold.querySelector("summary").focus(); }
    });
    document.addEventListener("click", (event) => { if (!fold.contains(event.target)) fold.open = false; });
    return fold;
  };

  place.hidden = false;
  if (!listed.length || !mine) {
    const why = listed.length ? "The list of revisions does not name this one" : "The list of revisions is not at hand";
    place.append(made("p", "tt-unknown", `${why}: verify the current revision before use.`));
  }
  if (listed.length) place.append(selector());
  if (mine && statusOf(mine) === "withdrawn") {
    banner("WITHDRAWN", ". Do not use this revision.", ...(current !== mine ? [" Current is ", linkTo(current, current.version), "."] : []));
  } else if (current && mine && current !== mine) {
    if (listed.indexOf(mine) > listed.indexOf(current)) banner("SUPERSEDED", " by ", linkTo(current, current.version), released(current), ". Do not use this revision.");
    else banner("NOT IN FORCE", ". Current is ", linkTo(current, current.version), released(current), ".");
  }
})();
