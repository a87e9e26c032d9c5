// The ruler: the agreed classification of deviations, read from the data of the page. It asks nobody else.
// It follows ttpack.analysis.deviations.classify line by line, with exact numbers: the command gives the same answer.
(() => {
  "use strict";

  // -- exact numbers: [numerator, denominator] of whole numbers, the denominator above zero, in lowest terms ----------

  const divisor = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };
  const fraction = (n, d) => {
    const sign = d < 0n ? -1n : 1n, by = divisor(n, d) || 1n;
    return [sign * n / by, sign * d / by];
  };
  const parsed = (text) => { const [n, d = "1"] = text.split("/"); return fraction(BigInt(n), BigInt(d)); };
  const compared = (a, b) => { const x = a[0] * b[1], y = b[0] * a[1]; return x < y ? -1 : x > y ? 1 : 0; };
  const plus = (a, b) => fraction(a[0] * b[1] + b[0] * a[1], a[1] * b[1]);
  const minus = (a, b) => plus(a, [-b[0], b[1]]);
  const times = (a, b) => fraction(a[0] * b[0], a[1] * b[1]);
  const written = (value) => (value[1] === 1n ? `${value[0]}` : `${value[0]}/${value[1]}`);

  const LONGEST = 60;
  const NUMBER = /^([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]{1,3}))?$/;

  // The exact value of a decimal as people type it, or null.
  const decimal = (text) => {
    const found = text.length <= LONGEST ? NUMBER.exec(text.trim()) : null;
    if (!found || !(found[2] || found[3])) return null;
    const digits = BigInt(`${found[2]}${found[3]}`) * (found[1] === "-" ? -1n : 1n);
    const power = BigInt(found[4] || "0") - BigInt(found[3].length);
    return power < 0n ? fraction(digits, 10n ** -power) : fraction(digits * 10n ** power, 1n);
  };

  // The exact seconds of `30min`, `1.5 h`, `90 s` or `2 d`, or null. They may be negative.
  const seconds = (book, text) => {
    const found = text.length <= LONGEST ? /^\s*([+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?)\s*([A-Za-z]+)\s*$/.exec(text) : null;
    if (!found) return null;
    const own = (name) => (Object.hasOwn(book.duration_units, name) ? book.duration_units[name] : null);
    const size = own(found[2]) ?? own(found[2].toLowerCase()), count = decimal(found[1]);
    return size === null || count === null ? null : times(count, [BigInt(size), 1n]);
  };

  // -- where a value lies ---------------------------------------------------------------------------------------------

  const holds = (ends, value) => {
    const below = ends.low !== null && (compared(value, parsed(ends.low)) < (ends.low_inclusive ? 0 : 1));
    const above = ends.high !== null && (compared(value, parsed(ends.high)) > (ends.high_inclusive ? 0 : -1));
    return !below && !above;
  };

  const intervalOf = (limits, value) => {
    if (limits.edge && !holds(limits.edge, value)) return "beyond_edge_of_failure";
    if (limits.proven && !holds(limits.proven, value)) return "outside_par";
    if (limits.normal) {
      if (holds(limits.normal, value)) return "inside_nor";
      return limits.proven ? "nor_to_par" : "outside_par";
    }
    return limits.proven ? "nor_to_par" : null;
  };

  const limitsOf = (book, parameter, site) => {
    const entry = book.parameters[parameter];
    return book.limits[Object.hasOwn(entry.at, site) ? entry.at[site] : entry.limits];
  };

  // -- which rows overlap ---------------------------------------------------------------------------------------------

  const samples = (durations) => {
    const ends = durations.flatMap((one) => (one ? [one.low, one.high] : [])).filter((end) => end !== null).map(parsed);
    const cuts = [[0n, 1n], ...ends.filter((end) => compared(end, [0n, 1n]) >= 0)].sort(compared)
      .filter((end, place, all) => place === 0 || compared(end, all[place - 1]) !== 0);
    const between = cuts.slice(1).map((high, place) => times(plus(cuts[place], high), [1n, 2n]));
    return [...cuts, ...between, plus(cuts[cuts.length - 1], [1n, 1n])];
  };
  const overlapping = (rows) => {
    const given = rows.map((one) => one.duration);
    return samples(given).some((at) => given.filter((one) => one === null || holds(one, at)).length > 1);
  };

  const rank = (value, order) => order.indexOf(value);
  const first = (values, order) => values.reduce((best, one) => (rank(one, order) > rank(best, order) ? one : best));
  const gravest = (values, order) => (values.length ? first(values, order) : null);
  const once = (values) => [...new Set(values)];
  const words = (name) => (name || "nothing").replaceAll("_", " ");

  // -- the answer -----------------------------------------------------------------------------------------------------

  const NONE = "not_a_deviation";
  const CALL = "QA decides. Two parameters, a repeat, or doubt: call.";
  const NOBODY_SAYS = "no row of the agreed classification covers this: QA decides; call";

  class Answer {
    constructor(book, asked) {
      this.book = book;
      this.asked = asked;
      const entry = asked.parameter !== null && Object.hasOwn(book.parameters, asked.parameter)
        ? book.parameters[asked.parameter] : null;
      this.parameterClass = entry ? entry.classification : null;
      this.limits = entry ? limitsOf(book, asked.parameter, asked.site) : null;
      this.remarks = [];
      this.open = [];
      this.interval = this.placed(entry);
    }

    whole() {
      const rows = this.rows(), decided = this.gravestFirst(rows), row = decided.length ? decided[0].row : null;
      const rowClass = row ? row.class : null, terms = this.terms(row);
      const found = gravest([rowClass, ...terms.map((one) => one.class)], this.book.classes);
      this.conflicts(rowClass, terms);
      for (const { row: one } of decided) {
        if (!one.class) this.open.push(`${one.id} gives no class: QA decides; call`);
        if (!one.sponsor_role) this.open.push(`${one.id} does not say what the sponsor's part is: QA decides; call`);
      }
      const grave = decided.filter((one) => one.row.class !== NONE), counted = grave.length ? grave : decided;
      if (row === null && !this.open.length) this.open.push(NOBODY_SAYS);
      return {
        class: found, row_class: rowClass,
        sponsor_role: gravest(decided.map((one) => one.row.sponsor_role), this.book.sponsor_roles),
        row: row ? row.id : null, rows: decided.map((one) => ({ row: one.row.id, because: one.because })),
        interval: this.interval, terms,
        actions: once(counted.flatMap((one) => one.row.actions)), notify: once(counted.flatMap((one) => one.row.notify)),
        owners: this.owners(counted.map((one) => one.row.owners)),
        sending_owners: this.owners(counted.map((one) => one.row.sending_owners)),
        statement: this.statement(row), remarks: once(this.remarks), open: once(this.open),
      };
    }

    placed(entry) {
      const { value } = this.asked, { limits } = this;
      if (value === null || limits === null) return null;
      const found = intervalOf(limits, value);
      this.remarks.push(...limits.remarks);
      if (found === null) this.open.push(`${limits.open || "nothing says where the value lies"}: QA decides; call`);
      const accuracy = Object.hasOwn(entry.accuracy, this.asked.site) ? entry.accuracy[this.asked.site] : null;
      if (accuracy === null) {
        this.remarks.push("the accuracy of the sensor is not stated");
      } else if (found !== null) {
        const width = parsed(accuracy.width);
        const other = new Set([minus(value, width), plus(value, width)].map((one) => intervalOf(limits, one)));
        other.delete(found);
        const said = Object.keys(this.book.intervals).filter((one) => other.has(one)).map((one) => this.book.intervals[one]);
        const within = `within the accuracy of ${accuracy.equipment} (${accuracy.words}) it may also lie`;
        if (said.length) this.remarks.push(`${within} ${said.join(", or ")}`);
      }
      return found;
    }

    rows() {
      const { asked } = this, found = [];
      if (asked.parameter !== null && this.interval !== null) found.push(...this.cell());
      if (asked.event !== null) found.push(...this.about(asked.event, this.book.events[asked.event] || asked.event));
      const happened = found.length > 0 && found.some((one) => one.row.class !== NONE);
      if (happened || asked.event !== null || (this.interval !== null && this.interval !== "inside_nor")) {
        found.push(...this.graver());
      } else if (this.interval !== null && (asked.repeat || asked.together.length)) {
        this.remarks.push("the value is no deviation, so that no repeat and nothing simultaneous counts with it");
      }
      const known = new Map();
      for (const one of found) if (!known.has(one.row.id)) known.set(one.row.id, one);
      return [...known.values()];
    }

    cell() {
      const because = this.book.intervals[this.interval];
      const rows = this.book.rows.filter((one) => one.event === null && this.covers(one));
      if (!rows.length) this.open.push(NOBODY_SAYS);
      if (rows.length > 1 && (this.asked.duration !== null || overlapping(rows))) {
        this.open.push(`${rows.map((one) => one.id).join(", ")} cover the same cell: the gravest counts`);
      }
      if (this.asked.duration === null && rows.some((one) => one.duration !== null)) {
        this.remarks.push("the duration is not known: rows of every duration count");
      }
      return rows.map((row) => ({ row, because }));
    }

    graver() {
      const { asked } = this, found = [];
      if (asked.duration === null && this.interval !== null) {
        this.remarks.push("a duration that is not known counts from the last in-range reading");
        found.push(...this.about("unknown_duration", "the duration is not known"));
      }
      if (asked.repeat) found.push(...this.about("repeat", "it is a repeat"));
      if (asked.together.length) found.push(...this.about("simultaneous", `together with ${asked.together.join(", ")}`));
      return found;
    }

    about(event, because) {
      const rows = this.book.rows.filter((one) => one.event === event && this.covers(one));
      if (!rows.length) this.open.push(`no row covers ${this.book.events[event] || event} here: QA decides; call`);
      if (rows.length > 1 && (this.asked.duration !== null || overlapping(rows))) {
        this.open.push(`${rows.map((one) => one.id).join(", ")} cover the same event: the gravest counts`);
      }
      return rows.map((row) => ({ row, because }));
    }

    covers(row) {
      const { asked } = this;
      if (row.site !== null && row.site !== asked.site) return false;
      if (row.stages.length && !row.stages.includes(asked.stage)) return false;
      if (!this.coversParameter(row)) return false;
      if (this.interval === null) {
        if (row.event === null || row.intervals.length < Object.keys(this.book.intervals).length) return false;
      } else if (!row.intervals.includes(this.interval)) {
        return false;
      }
      if (row.duration_open) {
        this.open.push(`${row.id} cannot be compared: ${row.duration_open}`);
        return false;
      }
      return row.duration === null || asked.duration === null || holds(row.duration, asked.duration);
    }

    coversParameter(row) {
      const { parameter } = this.asked;
      if (parameter === null) return !row.classes.length && !row.parameters.length;
      if (row.except_parameters.includes(parameter)) return false;
      return (!row.classes.length || row.classes.includes(this.parameterClass))
        && (!row.parameters.length || row.parameters.includes(parameter));
    }

    terms(row) {
      return once([this.asked.site, ...this.book.sending_sites]).map((site) => {
        const entry = Object.hasOwn(this.book.sites, site) ? this.book.sites[site] : null;
        const named = row && Object.hasOwn(row.site_terms, site) ? row.site_terms[site] : null;
        const term = named || this.mappedBack(entry, row);
        const known = term && entry && Object.hasOwn(entry.stands, term) ? entry.stands[term] : null;
        return {
          site, party: entry ? entry.party : null, term,
          class: known, by_row: named !== null,
        };
      });
    }

    mappedBack(entry, row) {
      if (!row || row.class === null || !entry) return null;
      const terms = Object.keys(entry.terms).filter((term) => entry.terms[term] === row.class).sort(byCodePoint);
      return terms.length ? terms[0] : null;
    }

    conflicts(rowClass, terms) {
      for (const one of terms) {
        const label = Object.hasOwn(this.book.sites, one.site) ? this.book.sites[one.site].label : one.site;
        if (one.class !== null && rowClass !== null && one.class !== rowClass) {
          const said = `${label} calls it "${one.term}", which stands for ${words(one.class)} there`;
          this.remarks.push(`${said}; the row says ${words(rowClass)}: depth and notification follow the stricter`);
        } else if (rowClass !== null && rowClass !== NONE && one.term === null) {
          this.open.push(`${label} has no term for ${words(rowClass)}`);
        } else if (rowClass !== null && rowClass !== NONE && one.class === null) {
          this.remarks.push(`${label} does not say what its term "${one.term}" stands for`);
        }
      }
    }

    statement(row) {
      if (row === null) return `Classification not agreed by both QAs: no row covers this. ${CALL}`;
      const own = Object.hasOwn(row.not_agreed_at, this.asked.site) ? row.not_agreed_at[this.asked.site] : "";
      const { parameter } = this.asked;
      const pending = parameter !== null && Object.hasOwn(this.book.parameters, parameter) ? this.book.parameters[parameter].pending : "";
      const against = row.not_agreed || own || pending;
      if (against) return `Classification not agreed by both QAs: ${against}. ${CALL}`;
      const agreed = `Initial classification agreed by both QAs on ${row.agreed_on}, revision ${this.book.revision_text}`;
      return `${agreed}. ${CALL}`;
    }

    gravestFirst(rows) {
      return rows.map((one, place) => ({ ...one, place })).sort((a, b) =>
        rank(b.row.class, this.book.classes) - rank(a.row.class, this.book.classes)
        || rank(b.row.sponsor_role, this.book.sponsor_roles) - rank(a.row.sponsor_role, this.book.sponsor_roles)
        || a.place - b.place);
    }

    owners(given) {
      const found = {};
      for (const owners of given) for (const name of Object.keys(owners)) found[name] ??= owners[name];
      return found;
    }
  }

  const byCodePoint = (a, b) => {
    const x = [...a], y = [...b];
    for (let place = 0; place < Math.min(x.length, y.length); place += 1) {
      const difference = x[place].codePointAt(0) - y[place].codePointAt(0);
      if (difference) return difference;
    }
    return x.length - y.length;
  };

  // -- whom to call by when -------------------------------------------------------------------------------------------

  const LONGEST_CLOCK = 1000000000;
  const clocks = () => globalThis.ttpackClocks;

  const wayUp = (book, found, asked) => {
    const { ways, paths } = book.escalation;
    const stages = found !== null && Object.hasOwn(ways, found) ? ways[found] : null;
    const sites = stages && Object.hasOwn(stages, asked.stage) ? stages[asked.stage] : null;
    return sites && Object.hasOwn(sites, asked.site) ? paths[sites[asked.site]] : null;
  };

  const told = (instant) => new Date(instant * 1000).toISOString().slice(0, 19);

  // When a clock ends, in UTC and in the time of whoever is called, or why no date can be given.
  const due = (book, asked, clock, called) => {
    const { calendars, zones } = book.escalation;
    const calendar = called && called.calendar !== null ? calendars[called.calendar] : null;
    const zone = calendar && calendar.zone !== null ? zones[calendar.zone] : null;
    const none = (open) => ({ due: null, due_local: null, due_not_computable: open });
    const at = (instant) => ({
      due: `${told(instant)}Z`,
      due_local: zone && clocks().knows(zone, instant) ? `${told(clocks().local(zone, instant))} ${zone.zone}` : null,
      due_not_computable: null,
    });
    if (clock.seconds === null) return none("no clock in a unit of time is stated");
    if (clock.clock_start === null) return none("nothing says when the clock starts");
    const start = asked[clock.clock_start];
    if (start === null || start === undefined) return none(`the time of ${book.clock_starts[clock.clock_start]} was not given`);
    if (clock.clock_hours !== "calendar" && clock.clock_hours !== "working") return none("nothing says which hours count");
    if (clock.seconds < 0 || clock.seconds > LONGEST_CLOCK) return none("the clock gives no date");
    if (clock.clock_hours === "calendar") return at(start + clock.seconds);
    if (!calendar) return none(called ? called.calendar_open : "nobody is called whose working hours count");
    const found = clocks().after(calendar, zone, start, clock.seconds);
    return found === null ? none(`${calendar.label} does not reach that far`) : at(found);
  };

  const stated = (clock) =>
    ({ within: clock.length, words: clock.words, clock_start: clock.clock_start, clock_hours: clock.clock_hours });

  const calls = (book, asked, path) => (path ? path.levels : []).flatMap((level) =>
    ["receiving", "sending"].filter((party) => level[party] !== null).map((party) => ({
      rule: level.rule, level: level.level, decides: Boolean(level.decides), party,
      role: level[party].id, label: level[party].label, people: level[party].people.map((one) => one.id),
      contacts: level[party].contacts, nobody: level[party].why_nobody || null, ...stated(level.clock), ...due(book, asked, level.clock, level[party]),
      channel: level.channel, fallback: level.fallback === null ? null : level.fallback.id,
      names: level[party].people.map((one) => one.label),
    })));

  // The classification with whom to call: what `ttpack classify --format json` answers, but for words about the value.
  const answer = (book, asked) => {
    const found = new Answer(book, asked).whole(), path = wayUp(book, found.class, asked);
    const first = path ? path.levels.map((level) => level.receiving).find((one) => one !== null) : null;
    return {
      ...found,
      local_troubleshooting: path && path.local ? { ...stated(path.local), ...due(book, asked, path.local, first || null) } : null,
      escalation: calls(book, asked, path),
      remarks: path && path.ambiguous ? [...found.remarks, path.ambiguous] : found.remarks,
      not_computable: path ? [...found.open, ...path.open] : found.open,
    };
  };

  // A value typed in a unit, in that of the limits; null where they do not measure the same.
  const inLimitsUnit = (book, parameter, site, value, unit) => {
    const { unit: own } = limitsOf(book, parameter, site);
    if (own === null || unit === own || unit === "") return value;
    const units = Object.hasOwn(book.units, own) ? book.units[own] : {};
    if (!Object.hasOwn(units, unit)) return null;
    const [factor, offset] = units[unit];
    return plus(times(value, parsed(factor)), parsed(offset));
  };

  globalThis.ttpackRuler = { answer, compared, decimal, inLimitsUnit, limitsOf, parsed, seconds, written };
})();
