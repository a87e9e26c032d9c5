// The form of the ruler: what happened in, the initial classification out. It computes nothing itself.
(() => {
  "use strict";

  const place = document.querySelector(".tt-ruler"), data = document.getElementById("tt-data-ruler");
  if (!place || !data) return;
  const book = JSON.parse(data.textContent), ruler = globalThis.ttpackRuler;
  const CALLOUTS = { not_a_deviation: "success", event: "note", minor: "warning" };

  const made = (tag, options = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), options);
    element.append(...children);
    return element;
  };
  const plain = (name) => (name || "no class").replaceAll("_", " ");
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const named = (record) => (Object.hasOwn(book.names, record) ? book.names[record] : record);

  let count = 0;
  const field = (label, input, hint = "") => {
    input.id = `tt-ruler-${count += 1}`;
    const row = made("p", { className: "tt-ruler-field" }, made("label", { htmlFor: input.id, textContent: label }), input);
    if (hint) {
      const words = made("span", { className: "tt-ruler-hint", textContent: hint, id: `${input.id}-hint` });
      input.setAttribute("aria-describedby", words.id);
      row.append(words);
    }
    return row;
  };
  const choice = (entries, chosen) => {
    const select = made("select");
    for (const [value, words] of entries) select.append(made("option", { value, textContent: words, selected: value === chosen }));
    return select;
  };
  const box = (label) => {
    const input = made("input", { type: "checkbox" });
    input.id = `tt-ruler-${count += 1}`;
    return { input, row: made("p", { className: "tt-ruler-box" }, input, made("label", { htmlFor: input.id, textContent: label })) };
  };

  const asked = new URLSearchParams(location.search);
  const receiving = Object.keys(book.sites).filter((site) => book.sites[site].party !== "sending");
  const site = choice(Object.entries(book.sites).map(([id, one]) => [id, `${one.label} (${id})`]),
    asked.get("site") || receiving[0] || Object.keys(book.sites)[0]);
  const stage = choice(Object.entries(book.stages), asked.get("stage") || "");
  const parameters = Object.entries(book.parameters)
    .map(([id, one]) => [id, `${one.label} (${id})`]).sort((a, b) => (a[1].toLowerCase() < b[1].toLowerCase() ? -1 : 1));
  const what = choice([["", "an event without a parameter"], ...parameters], asked.get("parameter") || (asked.get("event") ? "" : (parameters[0] || [""])[0]));
  const events = Object.entries(book.events).filter(([id]) => !["repeat", "simultaneous", "unknown_duration"].includes(id));
  const event = choice([["", "none"], ...events], asked.get("event") || "");
  const value = made("input", { type: "text", autocomplete: "off", value: asked.get("value") || "" });
  const unit = made("select");
  const duration = made("input", { type: "text", autocomplete: "off", placeholder: "30min, 1.5 h, 2 d", value: asked.get("duration") || "" });
  const repeat = box("It has happened before"), other = choice([["", "none"], ...parameters], "");
  const moments = { occurrence: "It happened at", discovery: "It was found at", qa_awareness: "QA knew at" };
  const times = Object.fromEntries(Object.keys(moments).map((name) => [name, made("input", { type: "datetime-local", step: 60 })]));
  const zone = choice([["0", "UTC"], ["local", "the time of this device"]], "0");
  const limits = made("p", { className: "tt-ruler-limits" });
  const answer = made("div", { className: "tt-ruler-answer" });
  answer.setAttribute("role", "status");
  const rowOf = new Map([
    [value, field("Value", value)], [unit, field("Unit", unit)], [event, field("Event", event)],
  ]);

  const form = made("form", { className: "tt-ruler-form", autocomplete: "off" },
    made("div", { className: "tt-ruler-fields" },
      field("At", site), field("Stage", stage), field("What", what), rowOf.get(value), rowOf.get(unit), rowOf.get(event),
      field("For how long", duration, "empty: not known, so it counts from the last in-range reading"), repeat.row,
      field("Also out of range", other)),
    limits,
    made("details", {}, made("summary", { textContent: "When, for the times by which to call" }),
      made("div", { className: "tt-ruler-fields" },
        ...Object.entries(moments).map(([name, words]) => field(words, times[name])), field("These times are", zone))));

  const limitsHere = () => (what.value ? ruler.limitsOf(book, what.value, site.value) : null);

  const offer = () => {
    const here = limitsHere(), own = here && here.unit, others = own && Object.hasOwn(book.units, own) ? book.units[own] : {};
    const before = unit.value;
    const texts = own ? [own, ...Object.keys(others).filter((text) => text !== own)] : [""];
    unit.replaceChildren(...texts.map((text) => made("option", { value: text, textContent: text || "no unit", selected: text === before })));
    rowOf.get(value).hidden = rowOf.get(unit).hidden = !what.value;
    const kinds = [["Normal", "normal"], ["proven", "proven"], ["edge of failure", "edge"]];
    limits.textContent = here
      ? kinds.map(([words, key]) => `${words}: ${here[key] ? here[key].words : "none stated"}`).join("; ") : "";
  };

  // What is asked, as the interpreter takes it; or in words what is missing.
  const question = () => {
    const found = {
      site: site.value, stage: stage.value, parameter: what.value || null, value: null, event: event.value || null,
      duration: null, repeat: repeat.input.checked, together: other.value && other.value !== what.value ? [other.value] : [],
    };
    if (found.parameter === null && found.event === null) return "Choose a parameter or an event.";
    if (found.parameter !== null) {
      if (!value.value.trim() && found.event === null) return "Type the value that was read.";
      if (value.value.trim()) {
        const typed = ruler.decimal(value.value);
        if (typed === null) return "The value is a number, such as 7.2.";
        found.value = ruler.inLimitsUnit(book, found.parameter, found.site, typed, unit.value);
        if (found.value === null) return `A value in ${unit.value} cannot be compared here.`;
      }
    }
    if (duration.value.trim()) {
      found.duration = ruler.seconds(book, duration.value);
      if (found.duration === null || ruler.compared(found.duration, [0n, 1n]) < 0) return "The duration is like 30min, 1.5 h or 2 d.";
    }
    for (const [name, input] of Object.entries(times)) {
      found[name] = null;
      if (input.value) {
        const at = Date.parse(zone.value === "0" ? `${input.value}Z` : input.value);
        if (Number.isNaN(at)) return "A time is a date with hours and minutes.";
        found[name] = Math.floor(at / 1000);
      }
    }
    return found;
  };

  // Who is called, each with a telephone or an address; the contact of the role where nobody has one.
  const reached = (call) => {
    const ways = call.people.map((id) => call.contacts.people[id] || {}).map((one) => one.phone || one.email || "");
    const named = call.names.map((name, place) => [name, ways[place]].filter(Boolean).join(" "));
    return ways.some(Boolean) || !call.contacts.role ? named : [...named, call.contacts.role];
  };

  const list = (items) => made("ul", {}, ...items.map((one) => made("li", { textContent: one })));
  const titled = (title, ...children) => [made("h3", { textContent: title }), ...children];
  const table = (heads, rows) => made("div", { className: "tt-scroll", tabIndex: 0 }, made("table", { className: "tt-table tt-register" },
    made("thead", {}, made("tr", {}, ...heads.map((head) => made("th", { scope: "col", textContent: head })))),
    made("tbody", {}, ...rows.map((row) => made("tr", {}, ...row.map((cell) => made("td", { textContent: cell })))))));

  // The value as it was typed, with how well the site measures it.
  const read = (put) => {
    if (put.value === null) return "";
    const entry = book.parameters[put.parameter], own = Object.hasOwn(entry.accuracy, put.site) ? entry.accuracy[put.site] : null;
    return `${entry.label} ${value.value.trim()} ${unit.value} (accuracy of the sensor ${own ? own.words : "not stated"})`;
  };

  const shown = (found, put) => {
    const blocks = [], title = found.class === null ? "No class: QA decides; call" : capital(plain(found.class));
    const terms = found.terms.filter((one) => one.term !== null).map((one) => {
      const here = Object.hasOwn(book.sites, one.site) ? book.sites[one.site].label : one.site;
      return `${one.term} at ${here}`;
    });
    blocks.push(made("div", { className: `admonition ${CALLOUTS[found.class] || "danger"}` },
      made("p", { className: "admonition-title", textContent: title }),
      made("p", { textContent: [read(put), found.interval ? book.intervals[found.interval] : "", terms.join("; ")].filter(Boolean).join("; ") || plain(found.class) })));
    blocks.push(made("p", { textContent: found.statement }));
    if (found.actions.length) blocks.push(...titled("Do this", list(found.actions)));
    if (found.escalation.length) {
      blocks.push(...titled("Call", table(["Whom", "At", "Within", "By", "Level"], found.escalation.map((one) =>
        [`${one.label}: ${reached(one).join(", ") || one.nobody}`, `${one.party} unit`, one.words,
          one.due ? [one.due_local, one.due].filter(Boolean).join(" = ") : one.due_not_computable,
          `${one.level}${one.decides ? ", decides" : ""}`]))));
    }
    const local = found.local_troubleshooting;
    if (local) {
      const until = local.due ? `, until ${[local.due_local, local.due].filter(Boolean).join(" = ")}` : "";
      blocks.push(made("p", { textContent: `Local troubleshooting: at most ${local.words}${until}, then escalate.` }));
    }
    blocks.push(...titled("Who", list([
      `Who decides: ${plain(found.sponsor_role || "no row says")}`,
      ...(found.notify.length ? [`Notify: ${found.notify.map(named).join(", ")}`] : []),
    ])));
    const tasks = [...new Set([...Object.keys(found.owners), ...Object.keys(found.sending_owners)])];
    if (tasks.length) {
      const owner = (of, task) => (Object.hasOwn(of, task) ? named(of[task]) : "");
      blocks.push(table(["Owner of", "Where it happened", "Sending unit"],
        tasks.map((task) => [plain(task), owner(found.owners, task), owner(found.sending_owners, task)])));
    }
    blocks.push(...titled("Why", list([
      ...found.rows.map((one) => `${one.row}: ${one.because}`), ...found.remarks, ...found.not_computable,
    ])));
    return blocks;
  };

  const update = () => {
    const put = question();
    answer.replaceChildren(...(typeof put === "string" ? [made("p", { textContent: put })] : shown(ruler.answer(book, put), put)));
  };
  form.addEventListener("submit", (sent) => sent.preventDefault());
  form.addEventListener("input", (changed) => {
    if (changed.target === what || changed.target === site) offer();
    update();
  });
  place.replaceChildren(form, answer);
  offer();
  update();
})();
