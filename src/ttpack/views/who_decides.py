"""Who decides: activities by role with one letter each, and what each body may decide."""

from collections.abc import Iterable, Sequence

from ttpack.analysis.parties import party_of
from ttpack.analysis.responsibilities import AGREEMENT_ACTIVITIES, accountable_of, assigned_activities
from ttpack.model.governance import GovernanceBody, Responsibility, Role
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Callout,
    Cell,
    Chip,
    Column,
    Inline,
    Link,
    Mark,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from ttpack.views.record import inlines
from ttpack.views.words import counted, references

LETTERS: dict[str, tuple[str, Tone]] = {
    "A": ("is accountable for", "critical"),
    "R": ("is responsible for", "key"),
    "C": ("is consulted on", "info"),
    "I": ("is informed of", "neutral"),
}
LEGEND = "A accountable (exactly one), R responsible, C consulted, I informed. Blank: not involved."
_PARTY_ORDER = {"sending": 0, "receiving": 1}


def who_decides_page(package: Package) -> Page | None:
    """The matrix of activities and roles, and decision rights; None where the package has neither."""
    items = package.in_force(Responsibility)
    bodies = [body for body in package.in_force(GovernanceBody) if body.decision_rights or body.quorum]
    if not items and not bodies:
        return None
    blocks: list[Block] = []
    if items:
        blocks += [_verdict(package, items), Paragraph((Text(LEGEND),)), responsibility_matrix(package, items)]
    if bodies:
        rows = tuple(
            Row((
                (Link(body.id, body.name, body.id),), inlines(package, body.decision_rights or "not stated"),
                inlines(package, body.quorum or "not stated"),
            ))
            for body in bodies
        )  # fmt: skip
        table = Table((Column("Body"), Column("May decide"), Column("Quorum")), rows, "Decision rights")
        blocks.append(Section("What bodies may decide", (table,)))
    return Page("who-decides", "Who decides", tuple(blocks), "Governance", "One accountable role for each activity.")


def _verdict(package: Package, items: Sequence[Responsibility]) -> Callout:
    """Whether each activity has its one accountable, and each activity of a quality agreement its record."""
    faulty = [item for item in items if len(accountable_of(item)) != 1]
    absent = [AGREEMENT_ACTIVITIES[name] for name, ids in assigned_activities(package).items() if not ids]
    blocks: list[Block] = []
    if faulty:
        named = references(package, [item.id for item in faulty])
        blocks.append(Paragraph((Text("Without exactly one accountable: "), *named, Text("."))))
    if absent:
        blocks.append(Paragraph((Text(f"Activities of a quality agreement given to nobody: {', '.join(absent)}."),)))
    if blocks:
        return Callout(
            "warning", f"{len(faulty)} of {counted(len(items), 'item')} without one accountable", tuple(blocks)
        )
    words = "Each has exactly one accountable, and all activities of a quality agreement are assigned."
    return Callout("success", f"{counted(len(items), 'item')} assigned", (Paragraph((Text(words),)),))


def responsibility_matrix(package: Package, items: Sequence[Responsibility]) -> Table:
    """Activities by role, a letter in each cell; those of a quality agreement first."""
    roles = _roles(package, items)
    columns = (Column("Activity"), *(Column(_short(role), "center", record=role) for role in roles))
    rows: list[Row] = []
    groups = (
        ("Activities of a quality agreement", [item for item in items if _of_agreement(item)]),
        ("Further activities and decisions", [item for item in items if not _of_agreement(item)]),
    )
    for title, members in groups:
        if members and len(members) < len(items):
            rows.append(Row(((Text(title),),), group=True))
        rows += [Row((_name(item), *(_cell(package, item, role) for role in roles))) for item in members]
    return Table(columns, tuple(rows), "Who is accountable, responsible, consulted, informed", True, "matrix")  # noqa: FBT003


def _of_agreement(item: Responsibility) -> bool:
    return item.agreement_activity not in (None, "other")


def _roles(package: Package, items: Iterable[Responsibility]) -> list[str]:
    """Everyone named, the sending unit first, then by id."""
    named = {
        one for item in items for one in (*accountable_of(item), *item.responsible, *item.consulted, *item.informed)
    }

    def rank(role_id: str) -> tuple[int, str]:
        role = package.get(role_id, Role)
        party = (role.party or party_of(package, role.organisation)) if role else None
        return _PARTY_ORDER.get(party or "", 2), role_id

    return sorted(named, key=rank)


def _short(role_id: str) -> str:
    return role_id.removeprefix("ROL-").removeprefix("PER-")


def _name(item: Responsibility) -> Cell:
    link: list[Inline] = [Link(item.id, item.activity or item.name, item.id)]
    count = len(accountable_of(item))
    if count != 1:
        link += [Text(" "), Chip("no A" if not count else f"{count} A", "bad")]
    if item.gmp_impact:
        link += [Text(" "), Chip("GMP", "info")]
    return tuple(link)


def _cell(package: Package, item: Responsibility, role: str) -> Cell:
    given = {"A": accountable_of(item), "R": item.responsible, "C": item.consulted, "I": item.informed}
    letters = [letter for letter, ids in given.items() if role in ids]
    if not letters:
        return ()
    meaning = " and ".join(LETTERS[letter][0] for letter in letters)
    words = f"{package.label(role)} {meaning} {item.activity or item.name}"
    return (Mark("/".join(letters), words, LETTERS[letters[0]][1]),)
