// Clocks of the ruler: whole seconds, working time and time zones from the data of the page, never of the machine.
// It follows ttpack.analysis.working_time and ttpack.analysis.time_zones line by line.
(() => {
  "use strict";

  const DAY = 86400;
  const FIRST_WEEKDAY = 3; // 1970-01-01 was a Thursday
  const floorDivided = (value, by) => Math.floor(value / by);

  const offsetAt = (zone, instant) => {
    let found = zone.first;
    for (const [since, offset] of zone.transitions) {
      if (since > instant) break;
      found = offset;
    }
    return found;
  };
  const local = (zone, instant) => instant + offsetAt(zone, instant);
  const knows = (zone, instant) => zone.valid_from <= instant && instant < zone.valid_to;

  const instantOf = (zone, time, later) => {
    let found = time - zone.first, offset = zone.first;
    for (const [since, following] of zone.transitions) {
      if (time >= since + following && (later || time >= since + offset)) found = time - following;
      else if (time >= since + offset) found = since;
      offset = following;
    }
    return found;
  };

  const worksOn = (calendar, day) =>
    calendar.working_days.includes((((day + FIRST_WEEKDAY) % 7) + 7) % 7) && !calendar.holidays.includes(day);

  // The instant at which so many working seconds have passed since `start`, or null where it cannot be known.
  const after = (calendar, zone, start, seconds) => {
    if (seconds <= 0) return start;
    if (calendar.around_the_clock) return start + seconds;
    if (!zone || !knows(zone, start)) return null;
    let left = seconds, now = start, day = floorDivided(local(zone, start), DAY) - 1;
    while (day * DAY < zone.valid_to + DAY) {
      if (worksOn(calendar, day)) {
        const opens = Math.max(now, instantOf(zone, day * DAY + calendar.day_start, false));
        const closes = instantOf(zone, day * DAY + calendar.day_end, true);
        if (closes - opens >= left) {
          const found = opens + left;
          return found < zone.valid_to ? found : null;
        }
        if (closes > opens) {
          left -= closes - opens;
          now = closes;
        }
      }
      day += 1;
    }
    return null;
  };

  globalThis.ttpackClocks = { after, instantOf, knows, local, offsetAt };
})();
