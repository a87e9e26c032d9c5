"""Operators, utilities and materials of a campaign, and what steps draw of them."""

from dataclasses import dataclass, field

from ttpack.analysis.intervals import in_unit
from ttpack.analysis.simulation.model import Draw, Operators, Stock, Tank
from ttpack.analysis.simulation.quantities import Collector, finite, window
from ttpack.model.campaign import (
    Campaign,
    CampaignMaterial,
    CampaignUtility,
    MaterialDraw,
    OperatorGroup,
    OperatorNeed,
    UtilityDraw,
)
from ttpack.model.facility import Utility

UNLIMITED = float("inf")


@dataclass
class Supplies:
    """What a campaign has, by the names of the record; names in the model are unlike those of any other part."""

    operators: tuple[Operators, ...] = ()
    tanks: tuple[Tank, ...] = ()
    stocks: tuple[Stock, ...] = ()
    of_group: dict[str, Operators] = field(default_factory=dict)
    of_utility: dict[str, Tank] = field(default_factory=dict)
    of_material: dict[str, Stock] = field(default_factory=dict)

    def operator(self, found: Collector, need: OperatorNeed, step: str) -> Draw | None:
        """What a step needs of a group; None where nothing limits it."""
        group = self.of_group.get(need.group)
        if group is None:
            found.gap(f"{step} needs operators of {need.group}, whose number is not stated: they are not limited")
            return None
        hours = found.hours(need.time, f"the time of operators at {step}", "they stay for all of it")
        count = found.count(need.count, f"what {step} needs of {need.group}")
        return Draw(group.name, float(count), hours) if count else None

    def utility(self, found: Collector, draw: UtilityDraw, step: str) -> Draw | None:
        """What a step draws of a utility, in its unit."""
        tank = self.of_utility.get(draw.utility)
        return self._amount(found, draw, draw.utility, tank, step)

    def material(self, found: Collector, draw: MaterialDraw, step: str) -> Draw | None:
        """What a step uses of a material, in its unit."""
        return self._amount(found, draw, draw.material, self.of_material.get(draw.material), step)

    def _amount(
        self, found: Collector, draw: UtilityDraw | MaterialDraw, name: str, part: Tank | Stock | None, step: str
    ) -> Draw | None:
        if part is None:
            found.gap(f"{step} draws {name}, which the campaign does not list with numbers: it is not limited")
            return None
        amount = found.number(draw.amount, part.unit)
        if amount is None or amount < 0:
            found.gap(f"what {step} draws of {name} is no amount in {part.unit} of at least zero: left out")
            return None
        return Draw(part.name, amount)


def read_supplies(found: Collector, campaign: Campaign) -> Supplies:
    """Operators, utilities and materials that can be read; the others are gaps."""
    made = Supplies()
    taken = {one.name for one in campaign.resources} | {name for step in campaign.steps for name in step.resources}
    for group in campaign.operators:
        if group.name in made.of_group:
            found.gap(f"operators {group.name} are listed twice: the first counts")
        elif (operators := _operators(found, group, _own_name(group.name, taken, "operators"))) is not None:
            made.of_group[group.name] = operators
    for one in campaign.utilities:
        if one.name in made.of_utility:
            found.gap(f"utility {one.name} is listed twice: the first counts")
        elif (tank := _tank(found, campaign, one, _own_name(one.name, taken, "utility"))) is not None:
            made.of_utility[one.name] = tank
    for material in campaign.materials:
        if material.name in made.of_material:
            found.gap(f"material {material.name} is listed twice: the first counts")
        elif (stock := _stock(found, material, _own_name(material.name, taken, "material"))) is not None:
            made.of_material[material.name] = stock
    made.operators = tuple(made.of_group.values())
    made.tanks = tuple(made.of_utility.values())
    made.stocks = tuple(made.of_material.values())
    return made


def _own_name(name: str, taken: set[str], kind: str) -> str:
    """A name that no other part of the model has."""
    own = name
    while own in taken:
        own = f"{own} ({kind})"
    taken.add(own)
    return own


def _operators(found: Collector, group: OperatorGroup, name: str) -> Operators | None:
    if group.shifts:
        if group.count is not None:
            found.gap(f"operators {group.name} state shifts and a count: the shifts count")
        counts = (found.count(shift.count, f"a shift of {group.name}") or 0 for shift in group.shifts)
        windows = (window(shift) for shift in group.shifts)
        shifts = tuple((made, count) for made, count in zip(windows, counts, strict=True) if made is not None)
        return Operators(name, 0, shifts)
    count = found.count(group.count, f"the count of {group.name}")
    return None if count is None else Operators(name, count)


def _tank(found: Collector, campaign: Campaign, one: CampaignUtility, name: str) -> Tank | None:
    """The tank of a utility; without one its draws are not limited, but counted in the unit of the first of them."""
    record = found.package.get(one.utility, Utility)
    if one.utility is not None:
        found.inputs.add(one.utility)
        if record is None:
            found.gap(f"utility {one.name} names {one.utility}, which is no record of a utility")
    first = next(
        (draw.amount.unit for step in campaign.steps for draw in step.utilities if draw.utility == one.name), None
    )
    unit = one.tank.unit if one.tank is not None else first
    if unit is None:
        return None
    capacity = found.number(record.capacity, f"{unit}/h") if record is not None else None
    if record is not None and capacity is None:
        found.gap(f"utility {one.name}: the capacity of {record.id} is not stated as a rate in {unit}/h")
    size = found.number(one.tank, unit)
    if size is None or size <= 0:
        found.gap(f"utility {one.name} states no tank above zero: its draws are not limited")
        size = UNLIMITED
    refill = found.number(one.refill, f"{unit}/h")
    if refill is None or refill < 0:
        instead = "at the capacity of its record" if capacity else "not at all"
        if size != UNLIMITED:
            found.gap(f"utility {one.name} states no rate of filling up in {unit}/h: it is filled {instead}")
        refill = capacity or 0.0
    if capacity is not None and size != UNLIMITED and refill > capacity:
        found.gap(f"utility {one.name} is filled up faster than the {capacity:g} {unit}/h that its record delivers")
    return Tank(name, unit, size, max(refill, 0.0), capacity, one.utility if record is not None else None)


def _stock(found: Collector, one: CampaignMaterial, name: str) -> Stock | None:
    """The stock of a material; None where it states none, so that it is not limited."""
    own, stock = found.package.own_units, one.stock
    amount = found.number(stock, stock.unit) if stock is not None else None
    if stock is None or amount is None or amount < 0:
        return None
    point, order = (
        None if given is None else finite(in_unit(given.value, given.unit, stock.unit, own))
        for given in (one.reorder_point, one.order_quantity)
    )
    lead = found.drawn(one.lead_time, f"the lead time of {one.name}", "it is not ordered")
    ordered = (point, order, lead)
    if any(given is not None for given in ordered) and (point is None or lead is None or order is None or order <= 0):
        lacking = "orders need a reorder point, a quantity above zero and a lead time"
        found.gap(f"material {one.name}: {lacking}; it is not ordered")
        point = order = lead = None
    return Stock(name, stock.unit, amount, point, order, lead)
