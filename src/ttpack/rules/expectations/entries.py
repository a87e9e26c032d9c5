"""What one line of an expected-content list is (CON-01)."""

from dataclasses import dataclass
from typing import Literal

EntryKind = Literal[
    "process_parameter", "process_attribute", "hold_time", "sampling", "in_process_control", "material"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a unit operation of a class carries.

    `kinds` are the kinds of record that may answer it. `quantity_kinds` empty means any. A phrase matches when all
    its words stand in the record's title, id or class; without phrases any record of the kind answers.
    `second_resin` entries apply only where the unit operation uses two resins or more.
    """

    name: str
    kinds: tuple[EntryKind, ...]
    quantity_kinds: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    second_resin: bool = False

    @property
    def words(self) -> str:
        """The entry as a person reads it."""
        return spoken(self.name)


def spoken(name: str) -> str:
    """The name of an entry or a class as a person reads it: `protein_a_resin` is `Protein A resin`."""
    words = name.replace("_", " ")
    for code, word in (("protein a ", "Protein A "), ("low ph ", "low pH ")):
        words = words.replace(code, word)
    return f"{words.removesuffix(' ph')} pH" if words.endswith(" ph") else words


def parameter(name: str, quantity_kinds: str = "", *phrases: str, second_resin: bool = False) -> Entry:
    """A process parameter; `quantity_kinds` separated by spaces, the name itself being a phrase."""
    return Entry(name, ("process_parameter",), tuple(quantity_kinds.split()), _phrases(name, phrases), second_resin)


def attribute(name: str, quantity_kinds: str = "", *phrases: str) -> Entry:
    """A process attribute, which a package may also keep as a parameter."""
    return Entry(
        name, ("process_attribute", "process_parameter"), tuple(quantity_kinds.split()), _phrases(name, phrases)
    )


def test(name: str, *phrases: str) -> Entry:
    """An in-process control, which a package may also keep as a procedural parameter."""
    return Entry(name, ("in_process_control", "process_parameter"), (), _phrases(name, phrases))


def material(name: str, *phrases: str) -> Entry:
    """A material used in the unit operation."""
    return Entry(name, ("material",), (), _phrases(name, phrases))


def hold(name: str) -> Entry:
    """A hold time, also one that says that the intermediate does not wait."""
    return Entry(name, ("hold_time",))


def sample(name: str) -> Entry:
    """A line of the sampling plan."""
    return Entry(name, ("sampling",))


def _phrases(name: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    return (name.replace("_", " "), *phrases)
