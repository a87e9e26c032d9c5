// From a disk (file:) a browser starts no worker, so the engine's search runs in an empty frame of the page instead.
// The frame has the page's own policy; the index comes as a script, because no file can be fetched there either.
(() => {
  "use strict";

  if (location.protocol !== "file:") return;

  window.Worker = class extends EventTarget {
    #waiting = [];
    #inner = null;

    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.tabIndex = -1;
      frame.title = "Search";
      frame.addEventListener("load", () => this.#start(frame.contentWindow, address), { once: true });
      document.body.append(frame);
    }

    #start(inner, address) {
      inner.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      const script = inner.document.createElement("script");
      script.src = new URL(address, location.href);
      script.addEventListener("load", () => {
        this.#inner = inner;
        for (const data of this.#waiting.splice(0)) this.postMessage(data);
      });
      inner.document.head.append(script);
    }

    postMessage(data) {
      if (this.#inner) this.#inner.dispatchEvent(new MessageEvent("message", { data }));
      else this.#waiting.push(data);
    }
  };
})();
