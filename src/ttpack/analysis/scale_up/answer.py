"""The whole answer on scale-up between two sites: the matrix, the growth train, cycles, buffers, virus clearance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ttpack.analysis.scale_up.matrix import scale_matrix, scale_parameter
from ttpack.analysis.scale_up.process import Outcome, buffers, growth_train, resin_cycles, viral_clearance
from ttpack.analysis.scale_up.rows import ScaleRow, ScaleVerdict
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter


@dataclass(frozen=True)
class ScaleUp:
    """Rows of the matrix, and what a batch asks of the receiving site; about single parameters only their rows."""

    sending: str
    receiving: str
    rows: tuple[ScaleRow, ...]
    growth_train: tuple[Outcome, ...] = ()
    cycles: tuple[Outcome, ...] = ()
    buffers: tuple[Outcome, ...] = ()
    viral_clearance: Sequence[Mapping[str, Any]] = ()
    parameters: tuple[str, ...] = ()

    @property
    def counts(self) -> Counter[ScaleVerdict]:
        """How many rows have each verdict."""
        return Counter(row.verdict for row in self.rows)

    @property
    def contradictions(self) -> bool:
        """Whether a stated value disagrees with its own formula."""
        outcomes = (*self.growth_train, *self.cycles, *self.buffers)
        verdicts = {*(row.verdict for row in self.rows), *(each.verdict for each in outcomes)}
        return "contradiction" in verdicts

    def as_json(self, as_of: date) -> dict[str, Any]:
        """The answer as a JSON object."""
        return {
            "from": self.sending, "to": self.receiving, "as_of": as_of.isoformat(),
            "counts": dict(sorted(self.counts.items())),
            "rows": [row.as_json() for row in self.rows],
            "growth_train": [each.as_json() for each in self.growth_train],
            "cycles": [each.as_json() for each in self.cycles],
            "buffers": [each.as_json() for each in self.buffers],
            "viral_clearance": list(self.viral_clearance),
        }  # fmt: skip


def scale_up(package: Package, sending: str, receiving: str, parameters: Sequence[ProcessParameter] = ()) -> ScaleUp:
    """Everything between the two sites, or what is known about the parameters asked for."""
    if parameters:
        rows = tuple(dict.fromkeys(
            row for parameter in parameters for row in scale_parameter(package, parameter, sending, receiving)
        ))  # fmt: skip
        return ScaleUp(sending, receiving, rows, parameters=tuple(each.id for each in parameters))
    return ScaleUp(
        sending, receiving, scale_matrix(package, sending, receiving),
        growth_train(package, receiving), resin_cycles(package, receiving), buffers(package, receiving),
        viral_clearance(package),
    )  # fmt: skip
