"""What a change asks of each site, in its own change procedure, terms and clocks (change-control.md, step 7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ttpack.analysis.change_rules.rule import ChangeClass, Classified
from ttpack.analysis.change_rules.sides import Raw, Sides
from ttpack.analysis.change_sites import ChangeSites, controlled, highest
from ttpack.analysis.fit_change import FitChange, fit_changes
from ttpack.analysis.impact import Affected
from ttpack.model.status import OUT_OF_FORCE


@dataclass(frozen=True, slots=True)
class SiteAction:
    """What one site has to do. `change_class` is the highest of the changes that concern it.

    `term` and what follows are those of the site's own procedure, empty where it states none, which `note` says.
    `revise` are its batch records, overlays and automation to revise, `training` what is trained there.
    """

    site: str
    title: str
    change_class: ChangeClass
    change_procedure: str
    procedure: str
    term: str
    threshold: str
    required_functions: tuple[str, ...]
    sponsor_notice: Mapping[str, Any] | None
    sponsor_approval: bool | None
    revise: tuple[str, ...]
    training: tuple[str, ...]
    fit: tuple[FitChange, ...]
    note: str

    def as_json(self) -> dict[str, Any]:
        """The site's actions as a JSON object."""
        return {
            "site": self.site, "title": self.title, "class": self.change_class,
            "change_procedure": self.change_procedure or None, "procedure": self.procedure, "term": self.term,
            "threshold": self.threshold, "required_functions": list(self.required_functions),
            "sponsor_notice": self.sponsor_notice, "sponsor_approval": self.sponsor_approval,
            "revise": list(self.revise), "training": list(self.training),
            "fit": [one.as_json() for one in self.fit], "note": self.note,
        }  # fmt: skip


def site_actions(
    classified: Iterable[Classified], affected: Iterable[Affected], sides: Sides
) -> tuple[SiteAction, ...]:
    """What each site concerned has to do: all that run the process, or the one that the change was made at.

    A site's procedure is the one that was in force before the change.
    """
    sites = ChangeSites(sides)
    concerned: dict[str, list[Classified]] = {}
    for one in controlled(classified):
        for site in sites.concerned_by(one.change):
            concerned.setdefault(site, []).append(one)
    if not concerned:
        return ()
    reached = list(affected)
    fits = fit_changes(sides, [item.record for item in reached])
    order = {site: place for place, site in enumerate(sites.running)}
    procedures = _procedures(sides)
    return tuple(
        _action(site, highest(concerned[site]), procedures.get(site, ("", {})), (sites, reached, fits))
        for site in sorted(concerned, key=lambda site: (order.get(site, len(order)), site))
    )


def _procedures(sides: Sides) -> dict[str, tuple[str, Raw]]:
    """By site the change procedure in force before the change, else the one that the change brings."""
    found: dict[str, tuple[str, Raw]] = {}
    for state in (sides.before, sides.after):
        for record, raw in state.of_kind("change_procedure"):
            if raw.get("site") and raw.get("status") not in OUT_OF_FORCE:
                found.setdefault(str(raw["site"]), (record, raw))
    return found


def _action(
    site: str,
    change_class: ChangeClass,
    procedure: tuple[str, Raw],
    context: tuple[ChangeSites, list[Affected], list[FitChange]],
) -> SiteAction:
    sites, reached, fits = context
    record, raw = procedure
    terms = [one for one in raw.get("class_terms") or () if isinstance(one, Mapping)]
    term: Mapping[str, Any] = next((one for one in terms if one.get("package_class") == change_class), {})
    # what was changed at another site does not travel here over a record of both sites
    here = [item for item in reached if site in sites.of_record(item.record) and site in sites.concerned(item.path[0])]
    title = str(sites.sides.after.get(site).get("title") or site)
    notice = term.get("sponsor_notice")
    return SiteAction(
        site, title, change_class, record, str(raw.get("procedure") or ""),
        str(term.get("term") or ""), str(term.get("threshold") or ""),
        tuple(map(str, term.get("required_functions") or ())),
        notice if isinstance(notice, Mapping) else None, term.get("sponsor_approval"),
        revise=tuple(item.record for item in here if item.action == "revise" and item.record_kind != "training"),
        training=tuple(item.record for item in here if item.record_kind == "training"),
        fit=tuple(one for one in fits if one.site == site),
        note=_note(record, term, change_class),
    )  # fmt: skip


def _note(procedure: str, term: Mapping[str, Any], change_class: str) -> str:
    if not procedure:
        return "the package holds no change procedure of this site"
    return "" if term else f"its change procedure has no term for a {change_class} change"
