// Added by `ttpack preview` alone: waits for the next state of the site, shows what is to be said, and reloads.
(() => {
  "use strict";
  const site = Number(document.currentScript.dataset.site);
  let box = null;

  function show(words) {
    if (box) box.remove();
    box = null;
    if (!words.length) return;
    box = document.createElement("div");
    box.className = "admonition warning";
    box.setAttribute("role", "status");
    box.id = "tt-preview";
    for (const line of words) {
      const shown = document.createElement("p");
      shown.textContent = line;
      box.append(shown);
    }
    const place = document.querySelector("article") || document.body;
    place.prepend(box);
  }

  async function wait(after) {
    try {
      const answer = await fetch(`/-/state?after=${after}`, { cache: "no-store" });
      const state = await answer.json();
      if (state.site !== site) {
        location.reload();
        return;
      }
      if (state.number !== after) show(state.words);
      wait(state.number);
    } catch {
      setTimeout(wait, 1000, after);
    }
  }
  wait(-1);
})();
