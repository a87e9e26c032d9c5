"""Materials, suppliers, cell banks and bills of materials (ICH Q7, Q5D)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import MaterialRef, SiteRef, UnitOperationRef
from ttpack.model.quantity import EvidenceRef, InputQuantity, PositiveCount, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, Record, RecordId, Reference, Status, fact

SupplierRef = Annotated[RecordId, Reference(("supplier",))]


class MaterialSupply(Fact):
    """Stock and needs of a material at one site."""

    site: SiteRef = fact("Site.", default=...)
    stock: InputQuantity | None = fact("In stock.")
    on_order: InputQuantity | None = fact("On order.")
    expiry: date | None = fact("Earliest expiry.")
    need_date: date | None = fact("Needed by.")
    lead_time: InputQuantity | None = fact("Lead time.", quantity_kind="duration")
    supplier: SupplierRef | None = fact("Supplier at the site.")


class ReuseLifetime(Fact):
    """How often an item may be used."""

    maximum_cycles: PositiveCount | None = fact("Most cycles.", example=250, significance="moderate")
    inclusive: bool = fact("Whether the last cycle counts.", default=True)
    validated: bool | None = fact("Whether the lifetime is validated.", significance="moderate")
    concurrent_protocol: str | None = fact("Concurrent lifetime protocol.")
    cycles_per_batch: PositiveCount | None = fact("Cycles used for one batch.")
    evidence: tuple[EvidenceRef, ...] = fact("Lifetime study.", default=())
    performance: tuple["CyclePerformance", ...] = fact("Performance over cycles.", default=())


class CyclePerformance(Fact):
    """Performance at one cycle number."""

    cycle: PositiveCount = fact("Cycle number.", default=...)
    quantity: str = fact("What was measured.", example="yield", default=...)
    value: Number = fact("Value.", default=...)
    unit: str = fact("Unit.", example="%", default=...)


class ResinProperties(Fact):
    """What a packed bed of a resin allows (alignment.md, "Formulas")."""

    particle_diameter: InputQuantity | None = fact("Mean particle diameter.", quantity_kind="length")
    void_fraction: Number | None = fact("Share of the bed between the particles.", example=0.35)
    mobile_phase_viscosity: InputQuantity | None = fact("Dynamic viscosity of the most viscous mobile phase.")
    dynamic_binding_capacity: InputQuantity | None = fact(
        "Dynamic binding capacity at 10 % breakthrough.", significance="moderate"
    )
    maximum_linear_velocity: InputQuantity | None = fact("Greatest velocity the maker allows.", significance="moderate")
    maximum_pressure_drop: InputQuantity | None = fact("Greatest pressure drop over the bed.", significance="moderate")


class FilterProperties(Fact):
    """What a filter or membrane allows (alignment.md, "Formulas")."""

    vmax: InputQuantity | None = fact("Volume per area at which it plugs.", significance="moderate")
    safety_factor: Number | None = fact("Factor on the area computed from vmax.", example=1.5)
    maximum_load: InputQuantity | None = fact("Greatest volume or mass per area.", significance="moderate")
    flux: InputQuantity | None = fact("Flux it is run at.", significance="moderate")
    maximum_pressure: InputQuantity | None = fact("Greatest pressure.", significance="moderate")
    residual: InputQuantity | None = fact("Share left after diafiltration.", example={"value": 0.1, "unit": "%"})
    sieving_coefficient: Number | None = fact("Sieving coefficient of what is washed out.", example=1)


class Material(ControlledRecord):
    """A raw material, medium, buffer, resin, filter, single-use item or packaging."""

    kind: Literal["material"] = fact("Full name of the kind.", default=...)
    material_class: Literal[
        "raw", "media", "buffer", "excipient", "gas", "water", "resin", "filter", "single_use_system", "packaging",
        "intermediate",
    ] | None = fact("Class.", example="resin")  # fmt: skip
    grade: str | None = fact("Grade.", example="Ph. Eur.", significance="moderate")
    specification: Annotated[RecordId, Reference(("specification",))] | str | None = fact(
        "Specification.", significance="moderate"
    )
    composition: str | None = fact("Composition.", significance="major")
    gmp_critical: bool | None = fact("Whether it is critical to GMP quality.", significance="moderate")
    criticality_rationale: str | None = fact("Why.")
    quantity_per_batch: InputQuantity | None = fact("Quantity per scale basis.", significance="moderate")
    storage: str | None = fact("Storage.")
    shelf_life: InputQuantity | None = fact("Shelf life.", quantity_kind="duration", significance="moderate")
    suppliers: tuple[SupplierRef, ...] = fact("Suppliers.", significance="moderate", default=())
    supply: tuple[MaterialSupply, ...] = fact("Stock and need per site.", default=())
    single_source: bool | None = fact("Whether there is one source only.")
    second_source_decision: str | None = fact("Second source or safety stock decision.")
    animal_origin: bool | None = fact("Of animal or human origin.", significance="major")
    tse_statement: str | None = fact("TSE/BSE and viral safety statement.")
    product_contact: bool | None = fact("Whether it touches the product.")
    extractables_reference: str | None = fact("Extractables and leachables assessment.")
    sterilisation: str | None = fact("Sterilisation state.")
    lot_expiry_rule: str | None = fact("Rule for lot expiry.")
    lifetime: ReuseLifetime | None = fact("Reuse lifetime.", significance="moderate")
    unit_operations: tuple[UnitOperationRef, ...] = fact("Where it is used.", default=())
    cas_number: str | None = fact("CAS registry number.")
    safety_data_sheet: str | None = fact("Safety data sheet.")
    attributes: tuple["MaterialAttribute", ...] = fact("Material attributes that matter.", default=())
    risk: Annotated[RecordId, Reference(("risk",))] | None = fact("Supply risk.")
    hazardous: bool | None = fact("Whether it is hazardous to people or the environment.", significance="moderate")
    resin: ResinProperties | None = fact("Properties of a resin.", significance="moderate")
    filter: FilterProperties | None = fact("Properties of a filter or membrane.", significance="moderate")
    expected_content: str | None = fact("Name of the expected-content entry it answers.", significance="editorial")


class MaterialAttribute(Fact):
    """An attribute of a material."""

    name: str = fact("Attribute.", example="dynamic binding capacity", default=...)
    range: Range | None = fact("Range.", significance="moderate")
    unit: str | None = fact("Unit.")
    text: str | None = fact("Value in words.")


class Supplier(Record):
    """A manufacturer of a material at one place."""

    kind: Literal["supplier"] = fact("Full name of the kind.", default=...)
    status: Literal["candidate", "qualified", "restricted", "disqualified"] | Status | None = fact(
        "Qualification status.", example="qualified", significance="moderate"
    )
    manufacturer: str | None = fact("Manufacturer.")
    manufacturing_site: str | None = fact("Place of manufacture.")
    country: str | None = fact("Country.", example="SE")
    materials: tuple[MaterialRef, ...] = fact("Materials supplied.", default=())
    qualified_for: tuple[SiteRef, ...] = fact("Sites that have qualified it.", default=())
    audit_date: date | None = fact("Last audit.")
    quality_agreement: str | None = fact("Quality agreement.")
    tse_statement: str | None = fact("TSE/BSE statement.")


class CellBank(ControlledRecord):
    """A cell bank."""

    kind: Literal["cell_bank"] = fact("Full name of the kind.", default=...)
    level: Literal["MCB", "WCB", "EPC"] | None = fact("Level of the bank.", significance="major")
    cell_line: str | None = fact("Cell line.", example="CHO", significance="major")
    made_from: Annotated[RecordId, Reference(("cell_bank",))] | None = fact("Bank it was made from.")
    passage: PositiveCount | None = fact("Passage number.")
    population_doubling_limit: Number | None = fact("Limit of population doublings.", significance="major")
    cell_age_at_production: Number | None = fact("Population doublings at production.", significance="major")
    vials: PositiveCount | None = fact("Vials in stock.")
    vials_per_campaign: PositiveCount | None = fact("Vials thawed for one campaign; 1 when absent.")
    storage: str | None = fact("Storage.")
    tests: str | None = fact("Test summary.")
    unit_operation: UnitOperationRef | None = fact("Unit operation that uses it.")


class BillOfMaterialsLine(Fact):
    """One line of a bill of materials."""

    material: MaterialRef = fact("Material.", default=...)
    quantity: InputQuantity | None = fact("Quantity per batch scale basis.", significance="moderate")
    used_by: tuple[Annotated[RecordId, Reference(("step", "unit_operation"))], ...] = fact(
        "Where it is used.", default=()
    )


class BillOfMaterials(ControlledRecord):
    """The materials of a batch at one scale."""

    kind: Literal["bill_of_materials"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site.")
    scale_basis: str | None = fact("Batch scale the quantities refer to.")
    lines: tuple[BillOfMaterialsLine, ...] = fact("Lines.", default=())
    process: AnyRef | None = fact("Process.")
