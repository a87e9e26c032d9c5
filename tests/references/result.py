"""A result of the literature beside what this program computes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReferenceResult:
    """`expected` is the figure of the source, `obtained` ours; they agree within `tolerance`, in the same unit.

    `status` is published (printed in the source), closed form (exact theory), derived (by hand) or computed (once, by
    another program). `tolerance_words` says what the tolerance is, as "3 standard errors".
    """

    part: str
    name: str
    source: str
    expected: float
    obtained: float
    tolerance: float
    status: str = "published"
    unit: str = ""
    tolerance_words: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both agree within the tolerance; a figure that is no number never does."""
        return abs(self.obtained - self.expected) <= self.tolerance
