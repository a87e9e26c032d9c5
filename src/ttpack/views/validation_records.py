"""Methods at each laboratory, cleaning, holds, stability and computerised systems, each beside that of other sites."""

from collections.abc import Iterator, Sequence
from datetime import date

from ttpack.analysis.cleaning_status import cleaning_at, not_validated, uncovered, unverified, without_protocol
from ttpack.analysis.computerised_systems import listed_systems, unlisted_systems
from ttpack.analysis.method_use import methods_at_sites, transfers_by_method
from ttpack.analysis.ppq_prerequisites import method_transfers
from ttpack.model.analytics import AnalyticalMethod, MethodTransfer, StabilityStudy
from ttpack.model.facility import Cleaning
from ttpack.model.package import Package
from ttpack.model.process import HoldTime
from ttpack.views.blocks import Block, Bullets, Chip, Column, Inline, Inlines, Paragraph, Row, Section, Table, Text
from ttpack.views.record import quantity_inlines
from ttpack.views.words import chip, counted, reference, references, words

MANY = 10


def record_sections(package: Package, sites: Sequence[str], as_of: date) -> Iterator[Section]:
    """The sections that have something to show."""
    for title, blocks in (
        ("Methods at each laboratory", tuple(_methods(package))),
        ("Cleaning of equipment", tuple(_cleaning(package, sites, as_of))),
        ("Hold times", tuple(_holds(package))),
        ("Stability and lanes", tuple(_stability(package))),
        ("Computerised systems", tuple(_systems(package, sites))),
    ):
        if blocks:
            yield Section(title, blocks)


def _methods(package: Package) -> Iterator[Block]:
    """Methods in rows, laboratories in columns: those of receiving sites and wherever a method is transferred to."""
    methods = {method.id: method for method, _ in methods_at_sites(package)}
    if not methods:
        return
    transfers = transfers_by_method(package)
    named = {one.to_laboratory for each in transfers.values() for one in each if one.to_laboratory}
    laboratories = sorted({*package.receiving_sites, *named})
    counts = []
    for site in package.receiving_sites:
        found = list(method_transfers(package, site))
        done = sum(not gap for _, _, gap in found)
        counts.append((reference(package, site), Text(f": {done} of {len(found)} methods transferred and approved")))
    yield Bullets(tuple(counts))
    rows = tuple(
        Row((
            (reference(package, method.id), Text(" "), *chip(method.status)),
            *(_transfer(package, method, transfers.get(method.id, []), laboratory) for laboratory in laboratories),
        ))
        for method in sorted(methods.values(), key=lambda one: one.id)
    )  # fmt: skip
    heads = (Column("Method"), *(Column(package.label(one), record=one) for one in laboratories))
    yield Table(heads, rows, "Transfer of each method to each laboratory", filterable=len(rows) > MANY)


def _transfer(
    package: Package, method: AnalyticalMethod, transfers: Sequence[MethodTransfer], laboratory: str
) -> Inlines:
    found: list[Inline] = [Text("its own")] if method.owner_laboratory == laboratory else []
    for one in transfers:
        if one.to_laboratory == laboratory:
            found += [Text("; ")] if found else []
            how = f", {words(one.approach)}" if one.approach else ""
            found += [*(chip(one.status) or (Text("without a status"),)), Text(f"{how} "), reference(package, one.id)]
    return tuple(found)


def _cleaning(package: Package, sites: Sequence[str], as_of: date) -> Iterator[Block]:
    rows = [
        Row((
            (reference(package, one.id), Text(f" {package.label(site)}")),
            _step(unverified(one)),
            _protocol(one, as_of),
            _step(not_validated(one)),
            quantity_inlines(one.dirty_hold) if one.dirty_hold else (Text("not stated"),),
            quantity_inlines(one.clean_hold) if one.clean_hold else (Text("not stated"),),
            _study(one),
        ))
        for site in sites
        for one in cleaning_at(package, site)
    ]  # fmt: skip
    heads = (
        "Cleaning",
        "Verified by batch",
        "Protocol and runs",
        "Validated",
        "Dirty hold",
        "Clean hold",
        "Hold study",
    )
    if rows:
        yield Table(tuple(map(Column, heads)), tuple(rows), "Cleaning and its hold times", filterable=len(rows) > MANY)
    for site in package.receiving_sites:
        lacking = [item.id for item in uncovered(package, site)]
        if lacking:
            said = f"No cleaning record at {package.label(site)} for "
            yield Paragraph((Text(said), *references(package, lacking), Text(".")))


def _step(missing: tuple[str, str] | None) -> Inlines:
    return (Chip("open", "warning"), Text(f" {missing[1]}")) if missing else (Chip("yes", "good"),)


def _protocol(one: Cleaning, as_of: date) -> Inlines:
    gaps = [what for _, what in without_protocol(one, as_of)]
    if gaps:
        return (Chip("open", "warning"), Text(f" {'; '.join(gaps)}"))
    return (Chip("yes", "good"), Text(f" {one.protocol}, {counted(len(one.runs), 'run')}"))


def _study(one: Cleaning) -> Inlines:
    if not one.hold_study:
        return (Chip("none", "warning"),)
    return (Text(f"{one.hold_study}, {'complete' if one.hold_study_complete else 'not complete'}"),)


def _holds(package: Package) -> Iterator[Block]:
    rows = tuple(
        Row((
            (reference(package, one.id),),
            quantity_inlines(one.operated_limit) if one.operated_limit else (Text("not stated"),),
            (Chip("yes", "good"),) if one.validated_at_scale else (Chip("no", "warning"),),
            references(package, one.evidence),
        ))
        for one in package.in_force(HoldTime)
        if one.can_wait
    )  # fmt: skip
    if rows:
        heads = (Column("Hold"), Column("Operated limit"), Column("Validated at scale"), Column("Studies"))
        yield Table(heads, rows, "Holds of intermediates and what they rest on", filterable=len(rows) > MANY)


def _stability(package: Package) -> Iterator[Block]:
    studies = package.in_force(StabilityStudy)
    rows = tuple(
        Row((
            (reference(package, one.id),),
            (reference(package, one.site),) if one.site else (),
            (Text(words(one.study_type or "")),),
            (Text(one.protocol or "none"), Text(f", approved on {one.protocol_approved_on}"))
            if one.protocol_approved_on
            else (Text(one.protocol or "none"), Chip("not approved", "warning")),
            (Text(one.lane or ""),),
            _lane(one),
        ))
        for one in studies
    )  # fmt: skip
    if rows:
        heads = ("Study", "Site", "Type", "Protocol", "Lane", "Lane qualified")
        yield Table(tuple(map(Column, heads)), rows, "Stability studies and lanes", filterable=len(rows) > MANY)
    lacking = [site for site in package.receiving_sites if not any(one.site == site for one in studies)]
    if lacking:
        yield Paragraph((Text("No stability study for the batches of "), *references(package, lacking), Text(".")))


def _lane(one: StabilityStudy) -> Inlines:
    if one.qualified:
        return (Chip("yes", "good"),)
    return (Chip("no", "warning"),) if one.lane or one.qualified is False else ()


def _systems(package: Package, sites: Sequence[str]) -> Iterator[Block]:
    rows = tuple(
        Row((
            (Text(one.name),),
            (reference(package, site),),
            (Text(one.intended_use or "not stated"),),
            (Text("not stated" if one.gmp_records is None else "yes" if one.gmp_records else "no"),),
            (Text(one.risk_class or "not stated"),),
            chip(one.validation_status) or (Text("not stated"),),
            references(package, (str(one.evidence),)) if one.evidence else (Text("none"),),
        ))
        for site in sites
        for one in listed_systems(package, site)
    )  # fmt: skip
    if rows:
        heads = ("System", "Site", "Intended use", "GMP records", "Risk class", "Validation", "Evidence")
        yield Table(tuple(map(Column, heads)), rows, "Computerised systems of each site", filterable=len(rows) > MANY)
    for site in package.receiving_sites:
        named = unlisted_systems(package, site)
        if named:
            said = f"Named by records of {package.label(site)}, but not listed by it: "
            yield Paragraph((Text(said + ", ".join(one.name for one in named) + "."),))
        elif not listed_systems(package, site):
            yield Paragraph((Text(f"{package.label(site)} lists no computerised system."),))
