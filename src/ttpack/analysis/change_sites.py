"""Which sites a change concerns: all that run the process, or the one it was made at."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from ttpack.analysis.change_rules.classify import control_records
from ttpack.analysis.change_rules.rule import CLASS_RANK, ChangeClass, Classified
from ttpack.analysis.change_rules.sides import Sides
from ttpack.model.ids import overlay_parts

_RUNS = frozenset({"sending", "receiving", "planned"})
_TWO_SITES = ("sending_site", "receiving_site")


class ChangeSites:
    """The sites of both revisions, as far as the classes of changes ask for them."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    @cached_property
    def manifest(self) -> Mapping[str, object]:
        """The package record after the change, before it where there is none after."""
        found = [raw for state in (self.sides.after, self.sides.before) for _, raw in state.of_kind("package")]
        return found[0] if found else {}

    @cached_property
    def receiving(self) -> tuple[str, ...]:
        """Receiving sites: those with a gate or named by the package, else those that say so."""
        named = self._named("gates", "receiving_sites")
        return named or tuple(
            site for site, raw in self.sides.after.of_kind("site") if raw.get("site_role") in ("receiving", "planned")
        )

    @cached_property
    def running(self) -> tuple[str, ...]:
        """All sites that run the process, sending ones first."""
        sending = self._named("sending_sites") or tuple(
            site for site, raw in self.sides.after.of_kind("site") if raw.get("site_role") == "sending"
        )
        return tuple(dict.fromkeys((*sending, *self.receiving)))

    def of_record(self, record: str) -> frozenset[str]:
        """The sites a record belongs to; empty for one of the general process."""
        found = set()
        for raw in self.sides.both(record):
            if raw.get("kind") == "site":
                found.add(record)
            found.update(site for site in (raw.get(name) for name in _TWO_SITES) if isinstance(site, str))
        known = self.sides.index.sites.get(record) or overlay_parts(record)[1]
        return frozenset(found | ({known} if known else set()))

    def concerned(self, record: str) -> frozenset[str]:
        """The sites that a change of this record concerns; a laboratory's record concerns the laboratory."""
        return self.of_record(record) or frozenset(self.running)

    def _named(self, *fields: str) -> tuple[str, ...]:
        found: list[str] = []
        manifests = [raw for state in (self.sides.after, self.sides.before) for _, raw in state.of_kind("package")]
        for name in fields:
            for value in (raw.get(name) for raw in manifests):  # a change must not leave a site out of itself
                found += [str(one) for one in value] if isinstance(value, Mapping | list) else []
        return tuple(dict.fromkeys(found))


def controlled(classified: Iterable[Classified]) -> list[Classified]:
    """Changes of meaning of what is controlled, without those of the control itself."""
    given = tuple(classified)
    control = control_records(one.change for one in given)
    return [one for one in given if not one.change.editorial and one.change.record not in control]


def highest(classified: Iterable[Classified]) -> ChangeClass:
    """The highest class of some changes; editorial where there is none."""
    classes = (one.change_class for one in classified)
    return max(classes, key=CLASS_RANK.__getitem__, default="editorial")
