"""The registry of rules: what a rule is, when it applies, how its problems become findings.

A rule is one function that yields problems; the registry stamps code, name, severity at the gate and waiver. Its
docstring is its documentation: a summary line, `Why:` and `Resolve:`.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib import import_module
from typing import Literal

from ttpack.analysis.change_coverage import ChangeSince
from ttpack.analysis.deviations.book import Rulebook
from ttpack.analysis.deviations.rulebook import rulebook
from ttpack.analysis.facility_fit.parameters import ParameterFits
from ttpack.analysis.facility_fit.plant import plant_fits
from ttpack.analysis.facility_fit.site_fit import gate_of
from ttpack.analysis.facility_fit.site_plant import PlantIndex
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.analysis.stated import Stated, stated_quantities
from ttpack.model.findings import Place, Problem
from ttpack.model.graph import Graph
from ttpack.model.package import Package
from ttpack.model.run_data import RunDataProblems
from ttpack.model.signatures import SignatureCheck

RuleKind = Literal["consistency", "completeness", "information"]
CONSISTENCY: RuleKind = "consistency"
COMPLETENESS: RuleKind = "completeness"
INFORMATION: RuleKind = "information"


@dataclass(frozen=True, slots=True)
class NotComputable:
    """What a rule could not judge, and why; it is counted and listed, never taken for a pass."""

    place: Place
    reason: str


@dataclass(frozen=True)
class Context:
    """What a rule may know besides the package: the date, the gates asked about, the baseline.

    `change` is what changed since the last approved revision, or in words why nobody can tell. `release` says that the
    answer is asked for as at the release of this revision. `signatures` says what became of the signature of each
    signed approval, by its id: rules cannot verify any, and one that is not there is not verified. `recompute` asks
    for simulations to be worked out anew, which takes seconds. `run_data` says what is wrong with the lines of each
    file of run data, by run and file; one that is not there was not read.
    """

    as_of: date
    gates: Mapping[str, str] = field(default_factory=dict)
    baseline: Package | None = None
    package: Package | None = None
    change: ChangeSince | str = "the history of the package was not looked at"
    release: bool = False
    signatures: Mapping[str, SignatureCheck] = field(default_factory=dict)
    recompute: bool = False
    run_data: Mapping[tuple[str, str], RunDataProblems] = field(default_factory=dict)

    @cached_property
    def graph(self) -> Graph:
        """The package's graph, built once for all rules."""
        if self.package is None:
            message = "a context without a package has no graph"
            raise ValueError(message)
        return Graph(self.package)

    @cached_property
    def stated(self) -> list[Stated]:
        """Every quantity the package states, found once for all rules."""
        if self.package is None:
            message = "a context without a package states nothing"
            raise ValueError(message)
        return stated_quantities(self.package)

    @cached_property
    def parameter_fits(self) -> ParameterFits:
        """What the fit of parameters rests on, read once for all rules."""
        if self.package is None:
            message = "a context without a package has no facility fit"
            raise ValueError(message)
        return ParameterFits(self.package)

    @cached_property
    def plant_fits(self) -> Mapping[str, tuple[Fit, ...]]:
        """What the plant of each receiving site is to do, at the gates asked about, worked out once for all rules."""
        if self.package is None:
            message = "a context without a package has no facility fit"
            raise ValueError(message)
        index = PlantIndex(self.package)
        return {
            site: plant_fits(self.package, site, gate_of(self.package, self.gates, site), index)
            for site in self.package.receiving_sites
        }

    @cached_property
    def rulebook(self) -> Rulebook:
        """The agreed classification with the limits at each site, read once for all rules."""
        if self.package is None:
            message = "a context without a package has no classification"
            raise ValueError(message)
        return rulebook(self.package, self.as_of, accuracy=False)

    def gate_of(self, site: str | None) -> str:
        """The gate that decides severity: the site's own, else the furthest of all receiving sites.

        A receiving site that names no gate has passed none.
        """
        if site is not None and site in self.gates:
            return self.gates[site]
        if self.package is not None and site in self.package.receiving_sites:
            return "G0"
        return max(self.gates.values(), default="G0")


Outcome = Problem | tuple[Place, str] | tuple[Place, str, str] | NotComputable
RuleFunction = Callable[[Package, Context], Iterator[Outcome]]
Applicability = Callable[[Package], str | None]


@dataclass(frozen=True)
class Rule:
    """A rule with its documentation. `applies_when` answers None, or the reason why the rule is not applicable."""

    code: str
    name: str
    kind: RuleKind
    function: RuleFunction
    basis: str
    from_gate: str | None = None
    requires: tuple[str, ...] = ()
    applies_when: Applicability | None = None
    waivable: bool = True
    summary: str = ""
    why: str = ""
    resolve: str = ""

    @property
    def family(self) -> str:
        """The part of the code before the number."""
        return self.code.partition("-")[0]


_RULES: dict[str, Rule] = {}

FAMILIES: dict[str, str] = {
    "QTY": "quantities", "PRM": "parameters", "PRO": "process", "LNK": "linkages", "CAL": "derived_values",
    "CQA": "quality_attributes", "SPC": "specifications", "MTH": "methods", "IPC": "in_process_controls",
    "SMP": "sampling", "HLD": "hold_times", "RSK": "risks", "EVI": "evidence", "SDM": "scale_down_models",
    "WVR": "waivers", "DOC": "documents", "APR": "approvals", "CON": "expected_content", "CHG": "change_control",
    "AUT": "automation", "VAL": "validation", "CLN": "cleaning", "STB": "stability",
    "MAT": "materials", "REG": "regulatory", "HSE": "safety",
    "DIF": "site_differences", "EQP": "equipment", "FAC": "facility", "ENV": "environment", "GATE": "gates",
    "GOV": "governance", "GOAL": "objectives", "RDY": "readiness",
    "RUN": "runs", "SIM": "simulations", "DEM": "demand", "INV": "investments",
    "DEV": "deviations", "ESC": "escalation", "TEAM": "joint_team", "COM": "communication", "QAG": "quality_agreement",
    "KNW": "know_how", "DEVH": "deviation_history", "ASM": "assumptions", "INT": "interpretation",
}  # fmt: skip
"""The module of each family of rules."""


def rule(  # noqa: PLR0913  a rule's few facts, all by keyword
    code: str,
    kind: RuleKind,
    *,
    basis: str,
    from_gate: str | None = None,
    requires: Iterable[str] = (),
    applies_when: Applicability | None = None,
    waivable: bool = True,
) -> Callable[[RuleFunction], RuleFunction]:
    """Register a rule. Raises ValueError for a code that is taken, or documentation that lacks a part."""

    def register(function: RuleFunction) -> RuleFunction:
        if code in _RULES:
            message = f"rule {code} is defined twice"
            raise ValueError(message)
        summary, why, resolve = _documentation(code, inspect.getdoc(function) or "")
        _RULES[code] = Rule(
            code=code, name=function.__name__.replace("_", "-"), kind=kind, function=function, basis=basis,
            from_gate=from_gate, requires=tuple(requires), applies_when=applies_when, waivable=waivable,
            summary=summary, why=why, resolve=resolve,
        )  # fmt: skip
        return function

    return register


def _documentation(code: str, text: str) -> tuple[str, str, str]:
    head, _, rest = text.partition("Why:")
    why, _, resolve = rest.partition("Resolve:")
    parts = tuple(" ".join(part.split()) for part in (head, why, resolve))
    if not all(parts):
        message = f"rule {code} needs a summary, Why: and Resolve: in its docstring"
        raise ValueError(message)
    return parts[0], parts[1], parts[2]


def all_rules() -> Mapping[str, Rule]:
    """Every rule by code, in the order of codes."""
    for module in FAMILIES.values():
        import_module(f"ttpack.rules.{module}")
    return dict(sorted(_RULES.items()))


def in_order(rules: Mapping[str, Rule]) -> list[Rule]:
    """Rules so ordered that each comes after those it requires. Raises ValueError for a circle."""
    done: dict[str, Rule] = {}

    def visit(code: str, path: tuple[str, ...]) -> None:
        if code in done or code not in rules:
            return
        if code in path:
            message = f"rules require each other: {' > '.join((*path, code))}"
            raise ValueError(message)
        for required in rules[code].requires:
            visit(required, (*path, code))
        done[code] = rules[code]

    for code in rules:
        visit(code, ())
    return list(done.values())


def as_outcome(raw: Outcome) -> Problem | NotComputable:
    """A rule's shorthand as a problem."""
    if isinstance(raw, Problem | NotComputable):
        return raw
    return Problem(*raw)
