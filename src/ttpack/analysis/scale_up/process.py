"""What a batch asks of a site: doublings of its growth train, column cycles, buffers; and virus clearance claimed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from ttpack.analysis.formulas import NotEvaluated
from ttpack.analysis.intervals import in_unit
from ttpack.analysis.scale_up.columns import column_diameter
from ttpack.analysis.scale_up.figures import Figure, equipment, figures, folded, named, number_of
from ttpack.analysis.scale_up.mixing import working_volume
from ttpack.analysis.scale_up.pairs import Input, run
from ttpack.analysis.scale_up.rows import ScaleVerdict
from ttpack.analysis.scale_up.scaled_range import setpoint_at
from ttpack.analysis.viral_clearance import claims, totals
from ttpack.model.campaign import Campaign
from ttpack.model.materials import BillOfMaterials, CellBank, Material
from ttpack.model.package import Package
from ttpack.model.process import Step, UnitOperation
from ttpack.model.units import decimal_text

_CULTURES: Final = ("inoculum_expansion", "seed_bioreactor", "production_bioreactor")
_OVERAGE: Final = "buffer_demand"
_NOT_BUFFER: Final = frozenset({"pool", "collection", "peak", "start", "stop", "end"})


@dataclass(frozen=True, slots=True)
class Stage:
    """One culture of the growth train: its doublings, or why they are not known."""

    unit: UnitOperation
    doublings: Fraction | None
    reason: str
    seed_cells: Fraction | None = None
    final_cells: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A computed figure of the whole process at a site, with its verdict."""

    site: str
    about: str
    label: str
    verdict: ScaleVerdict
    reason: str
    numbers: tuple[tuple[str, Fraction | None], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The outcome as a JSON object, its numbers to six digits."""
        numbers = {name: None if value is None else _decimal(value) for name, value in self.numbers}
        return {
            "site": self.site,
            "record": self.about,
            "label": self.label,
            "verdict": self.verdict,
            "reason": self.reason,
            **numbers,
        }


def growth_train(package: Package, site: str) -> tuple[Outcome, ...]:
    """Doublings of each culture from thaw to production, whether each hands over enough cells, and the cell age."""
    stages = [_stage(package, unit, site) for unit in package.unit_operations if unit.operation_class in _CULTURES]
    found = []
    for index, stage in enumerate(stages):
        numbers = (("doublings", stage.doublings),)
        if stage.doublings is None:
            found.append(Outcome(site, stage.unit.id, stage.unit.name, "no_verdict", stage.reason, numbers))
            continue
        verdict, reason = _handed_over(stages[index - 1] if index else None, stage)
        found.append(Outcome(site, stage.unit.id, stage.unit.name, verdict, reason, numbers))
    return (*found, *_cell_age(package, stages, site))


def _stage(package: Package, unit: UnitOperation, site: str) -> Stage:
    side = figures(package, unit, site)
    seed = named(side, "^(seed|initial|inoculation).*(density|concentration|vcc|vcd)")
    final = named(side, "^(final|maximum|max|peak).*(density|concentration|vcc|vcd)")
    seed_density: Figure | Input | None = seed or _initial_density(package, unit, site)
    first = named(side, "^(seed|initial|inoculation) volume") or working_volume(side)
    last = named(side, "^(final|harvest) volume") or working_volume(side)
    try:
        doublings = run("population_doublings_of_stage", "{doublings}", package, final_density=final,
                        final_volume=last, seed_density=seed_density, seed_volume=first)  # fmt: skip
    except NotEvaluated as error:
        return Stage(unit, None, f"{site}: {error.reason}")
    density = seed_density.within("{cells}/L", package) if isinstance(seed_density, Figure) else None
    if isinstance(seed_density, tuple):
        density = in_unit(_as_decimal(seed_density[0]), seed_density[1], "{cells}/L", package.own_units)
    cells = [_product(package, density, first), _product(package, final.within("{cells}/L", package), last) if final
             else None]  # fmt: skip
    return Stage(unit, doublings, "", cells[0], cells[1])


def _initial_density(package: Package, unit: UnitOperation, site: str) -> Input | None:
    """The setpoint of the one parameter that says at which density the culture starts."""
    found = [
        each for each in package.parameters
        if each.unit_operation == unit.id and each.quantity_kind in ("cell_density", "viable_cell_concentration")
        and {"initial", "seed", "inoculation"} & set(folded(each.name).split())
    ]  # fmt: skip
    value = setpoint_at(package, found[0], site) if len(found) == 1 else None
    return None if value is None or not found[0].unit else (value, found[0].unit)


def _product(package: Package, density: Fraction | None, volume: Figure | None) -> Fraction | None:
    litres = volume.within("L", package) if volume else None
    return None if density is None or litres is None else density * litres


def _handed_over(before: Stage | None, stage: Stage) -> tuple[ScaleVerdict, str]:
    """Whether the culture before grew the cells that this one starts with."""
    if before is None:
        return "compared", "the first culture of the train"
    if not before.final_cells or stage.seed_cells is None:
        return "no_verdict", f"how many cells {before.unit.name} hands over is not known"
    share = before.final_cells / stage.seed_cells
    words = f"{before.unit.name} grows {decimal_text(share * 100, 3)} % of the cells that it starts with"
    return ("as_predicted" if share >= 1 else "differs"), words


def _cell_age(package: Package, stages: list[Stage], site: str) -> Iterator[Outcome]:
    """The sum of the doublings against the limit of each working bank."""
    known = [stage.doublings for stage in stages if stage.doublings is not None]
    total = sum(known, Fraction(0)) if known and len(known) == len(stages) else None
    first = stages[0].unit.id if stages else None
    for bank in package.in_force(CellBank):
        if bank.unit_operation is None or bank.unit_operation != first:
            continue
        limit, age = number_of(bank.population_doubling_limit), number_of(bank.cell_age_at_production)
        numbers = (("doublings", total), ("limit", limit), ("cell_age_at_production", age))
        yield Outcome(site, bank.id, bank.name, *_age_words(total, limit, age), numbers)


def _age_words(total: Fraction | None, limit: Fraction | None, age: Fraction | None) -> tuple[ScaleVerdict, str]:
    if total is None:
        return "no_verdict", "the doublings of a culture are missing, so there is no sum"
    shown = decimal_text(total, 3)
    if limit is None:
        return "no_verdict", f"{shown} doublings from thaw to production; no limit is stated"
    most = max(total, age or total)
    if most > limit:
        return "outside_limits", f"{decimal_text(most, 3)} doublings exceed the limit of {decimal_text(limit, 3)}"
    if age is None:
        return "no_verdict", f"{shown} doublings of {decimal_text(limit, 3)}; the age of the bank at thaw is not stated"
    if age < total:
        words = (
            f"the train alone takes {shown} doublings, more than the cell age at production of {decimal_text(age, 3)}"
        )
        return "contradiction", words
    at_thaw = decimal_text(age - total, 3)
    return "within_limits", f"{shown} in this train, {at_thaw} before it; the limit is {decimal_text(limit, 3)}"


def resin_cycles(package: Package, site: str) -> tuple[Outcome, ...]:
    """Cycles of the planned batches against the lifetime of what is packed at the site."""
    campaigns = [each for each in package.in_force(Campaign) if each.site == site and each.batches is not None]
    batches = Fraction(sum(each.batches or 0 for each in campaigns)) if campaigns else None
    return tuple(_lifetime(material, batches, site) for material in _packed(package, site))


def _packed(package: Package, site: str) -> list[Material]:
    """Materials with a lifetime: those packed at the site, and where a unit operation packs none, those it uses."""
    found: dict[str, Material] = {}
    for unit in package.unit_operations:
        packings = {item.packing for item in equipment(package, unit, site)} - {None}
        for material in package.in_force(Material):
            here = material.id in packings or (not packings and unit.id in material.unit_operations)
            if here and material.lifetime is not None:
                found.setdefault(material.id, material)
    return list(found.values())


def _lifetime(material: Material, batches: Fraction | None, site: str) -> Outcome:
    life = material.lifetime
    per_batch, most = (life.cycles_per_batch, life.maximum_cycles) if life else (None, None)
    allowed = None if most is None or life is None else Fraction(most if life.inclusive else most - 1)
    used = None if batches is None or per_batch is None else batches * per_batch
    numbers = (
        ("cycles_per_batch", None if per_batch is None else Fraction(per_batch)), ("batches", batches),
        ("cycles", used), ("maximum_cycles", None if most is None else Fraction(most)),
    )  # fmt: skip
    if not per_batch or allowed is None:
        missing = "how many cycles a batch takes" if not per_batch else "how many cycles it may take"
        return Outcome(site, material.id, material.name, "no_verdict", f"{missing} is not stated", numbers)
    reach = int(allowed // per_batch)
    if reach == 1:
        return Outcome(site, material.id, material.name, "given", "new for each batch", numbers)
    if reach == 0:
        words = f"a batch takes {per_batch} cycles, more than it may take"
        return Outcome(site, material.id, material.name, "outside_limits", words, numbers)
    if used is None:
        words = f"lasts {reach} batches; no campaign of {site} says how many are planned"
        return Outcome(site, material.id, material.name, "no_verdict", words, numbers)
    words = f"{used} cycles of {'' if life and life.inclusive else 'fewer than '}{most}: it lasts {reach} batches"
    return Outcome(
        site, material.id, material.name, "within_limits" if used <= allowed else "outside_limits", words, numbers
    )


def buffers(package: Package, site: str) -> tuple[Outcome, ...]:
    """Buffer of the column volumes that parameters state, with cycles and overage, against the bill of materials."""
    return tuple(outcome for unit in package.unit_operations if (outcome := _buffer(package, unit, site)) is not None)


def _buffer(package: Package, unit: UnitOperation, site: str) -> Outcome | None:
    steps = [
        each for each in package.parameters
        if each.unit_operation == unit.id and each.quantity_kind == "column_volumes"
        and not _NOT_BUFFER & set(folded(each.name).split())
    ]  # fmt: skip
    column = _column_volume(package, unit, site)
    if not steps and column is None:
        return None
    billed = _billed(package, unit, site)
    if column is None or not steps:
        missing = "no column volume" if column is None else "no parameter states column volumes of a buffer"
        reason = f"{missing}{_reach(package, unit, site, column, billed)}"
        return Outcome(site, unit.id, unit.name, "no_verdict", reason, (("column_volume", column), ("bill", billed)))
    volumes = [setpoint_at(package, each, site) for each in steps]
    total = sum((each for each in volumes if each is not None), Fraction(0))
    cycles = _cycles(package, unit, site)
    numbers = [("column_volume", column), ("column_volumes", total), ("cycles", cycles), ("bill", billed)]
    if total <= 0 or cycles is None:
        missing = "cycles per batch" if total > 0 else "a setpoint in column volumes"
        return Outcome(site, unit.id, unit.name, "no_verdict", f"not stated: {missing}", tuple(numbers))
    try:
        demand = run(_OVERAGE, "L", package, column_volumes=(total, "{CV}"), column_volume=(column, "L"),
                     cycles=(cycles, "1"))  # fmt: skip
    except NotEvaluated as error:
        return Outcome(site, unit.id, unit.name, "no_verdict", error.reason, tuple(numbers))
    names = ", ".join(each.name for each in steps)
    words = f"{decimal_text(demand, 4)} L with 10 % overage for {names}"
    numbers.insert(3, ("demand", demand))
    if billed is None:
        return Outcome(
            site, unit.id, unit.name, "no_verdict", f"{words}; no bill of materials of {site}", tuple(numbers)
        )
    enough = billed >= demand
    words = f"{words}; the bill has {decimal_text(billed, 6)} L{' for all its buffers' if enough else ''}"
    return Outcome(site, unit.id, unit.name, "within_limits" if enough else "outside_limits", words, tuple(numbers))


def _reach(
    package: Package, unit: UnitOperation, site: str, column: Fraction | None, billed: Fraction | None
) -> str:  # fmt: skip
    """How many column volumes a cycle the bill is good for."""
    cycles = _cycles(package, unit, site)
    if not billed or not column or column < 0 or not cycles:
        return ""
    volumes = billed / (column * cycles * Fraction("1.1"))
    return f"; the bill of {decimal_text(billed, 6)} L is good for {decimal_text(volumes, 3)} column volumes a cycle"


def _column_volume(package: Package, unit: UnitOperation, site: str) -> Fraction | None:
    """In L: the bed volume stated, else that of the column's diameter and bed height."""
    side = figures(package, unit, site)
    stated = named(side, "^(bed|column) volume")
    if stated is not None:
        return stated.within("L", package)
    diameter, height = column_diameter(side), named(side, "bed height", kind="bed_height")
    if diameter is None or height is None:
        return None
    try:
        return run("column_volume", "L", package, diameter=diameter, height=height)
    except NotEvaluated:
        return None


def _cycles(package: Package, unit: UnitOperation, site: str) -> Fraction | None:
    """Cycles per batch of what is packed; None where two packings state different ones."""
    packings = {item.packing for item in equipment(package, unit, site)} - {None}
    materials = [
        each for each in package.in_force(Material)
        if each.lifetime and (each.id in packings if packings else unit.id in each.unit_operations)
    ]  # fmt: skip
    stated = {each.lifetime.cycles_per_batch for each in materials if each.lifetime} - {None}
    return Fraction(stated.pop() or 0) if len(stated) == 1 else None


def _billed(package: Package, unit: UnitOperation, site: str) -> Fraction | None:
    """Litres of buffers that the site's bills have for the unit operation; None without a bill."""
    places = {unit.id, *(step.id for step in package.in_force(Step) if step.unit_operation == unit.id)}
    bills = [bill for bill in package.in_force(BillOfMaterials) if bill.site == site]
    total = Fraction(0)
    for bill in bills:
        for line in bill.lines:
            material = package.get(line.material, Material)
            if material and material.material_class == "buffer" and line.quantity and places & set(line.used_by):
                litres = in_unit(line.quantity.value, line.quantity.unit, "L", package.own_units)
                total += litres or 0
    return total if bills else None


def viral_clearance(package: Package) -> list[dict[str, Any]]:
    """The log reductions of each virus added up, mechanisms counted once; a bound in the sum makes it a bound."""
    found = []
    for total in sorted(totals(claims(package)).values(), key=lambda each: each.virus):
        least = decimal_text(total.counted_once, 4)
        steps = [
            {"unit_operation": claim.unit.id, "label": claim.unit.name, "mechanism": claim.given.mechanism,
             "log_reduction": None if claim.reduction is None else _decimal(claim.reduction),
             "bound": bool(claim.given.log_reduction and not claim.given.log_reduction.low_inclusive)}
            for claim in total.claims
        ]  # fmt: skip
        found.append({
            "virus": total.virus, "text": f"{'> ' if total.open_ended else ''}{least}",
            "log_reduction": _decimal(total.counted_once), "bound": total.open_ended,
            "repeated_mechanisms": list(total.repeated), "steps": steps,
        })  # fmt: skip
    return found


def _decimal(value: Fraction) -> Decimal:
    return Decimal(decimal_text(value, 6))


def _as_decimal(value: Fraction) -> Decimal:
    return Decimal(decimal_text(value, 15))
