"""Two sides of a record file and their ancestor, and what their merge says: for the merge and for the git driver."""

PARAMETER = """\
# Culture pH, agreed on 2026-01-05.

kind: process_parameter
id: PRM-BRX-PH
title: Culture pH
unit: "[pH]"
setpoint: 6.85   # from the report
ranges:
  proven_acceptable: {low: 6.6, high: 7.10, evidence: [EVI-A]}
  studied:
    low: 6.60
    high: 7.10
effects:
  - {ref: CQA-AGG, direction: increases}   # seen at all scales
interactions: [PRM-BRX-TEMP]
why: The enzymes need it.
"""
REORDERED = """\
# Culture pH, agreed on 2026-01-05.

kind: process_parameter
id: PRM-BRX-PH
why: The enzymes need it.
title: Culture pH
interactions:
  - PRM-BRX-TEMP
unit: '[pH]'
effects:
  - ref: CQA-AGG   # seen at all scales
    direction: increases
ranges:
  studied: {low: 6.60, high: 7.10}
  proven_acceptable: {low: 6.6, high: 7.10, evidence: [EVI-A]}
setpoint: 6.85   # from the report
"""
FIRST = "- kind: term\n  id: GLO-A\n  title: First\n"
SECOND = "# about B\n- kind: term\n  id: GLO-B\n  title: Second\n  definition: What comes second.\n"
THIRD = "- kind: term\n  id: GLO-C\n  title: Third\n"
TERMS = f"{FIRST}\n{SECOND}\n{THIRD}"
MOVED = f"{SECOND}\n{THIRD}\n{FIRST}"
DO, CO2 = "[PRM-BRX-TEMP, PRM-BRX-DO]", "[PRM-BRX-TEMP, PRM-BRX-CO2]"
GAL = "  - {ref: CQA-GAL, direction: decreases}\n"
DEAM = "  - {ref: CQA-DEAM, direction: increases, strength: low}\n"


def edited(text: str, *changes: tuple[str, str]) -> str:
    """The text with each first text replaced by its second; each must be there once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


TITLE = ("title: Culture pH", "title: pH of the culture")
CLASS = ('unit: "[pH]"\n', 'unit: "[pH]"\nclassification: CPP\n')
REMARK = ("title: ", "# as the team calls it\ntitle: ")

GIT_CONFLICTS = {
    "neighbouring lines": (
        PARAMETER,
        edited(PARAMETER, TITLE),
        edited(PARAMETER, CLASS, REMARK),
        edited(PARAMETER, TITLE, CLASS, REMARK),
    ),
    "both add a reference to one list": (
        PARAMETER,
        edited(PARAMETER, ("[PRM-BRX-TEMP]", DO)),
        edited(PARAMETER, ("[PRM-BRX-TEMP]", CO2)),
        edited(PARAMETER, ("[PRM-BRX-TEMP]", "[PRM-BRX-TEMP, PRM-BRX-DO, PRM-BRX-CO2]")),
    ),
    "both add a field at the same place": (
        PARAMETER,
        PARAMETER + "mechanism: Charge.\n",
        PARAMETER + "# seen once\nconsequence: Aggregate.  # and more\n",
        PARAMETER + "mechanism: Charge.\n# seen once\nconsequence: Aggregate.  # and more\n",
    ),
    "both add an effect": (
        PARAMETER,
        edited(PARAMETER, ("scales\n", f"scales\n{GAL}")),
        edited(PARAMETER, ("scales\n", f"scales\n{DEAM}")),
        edited(PARAMETER, ("scales\n", f"scales\n{GAL}{DEAM}")),
    ),
    "one side rewrites and reorders, the other edits": (
        PARAMETER,
        REORDERED,
        edited(PARAMETER, ("6.85", "6.90"), ("[PRM-BRX-TEMP]", DO), ("high: 7.10\neff", "high: 7.20\neff")),
        edited(
            REORDERED,
            ("6.85", "6.90"),
            ("  - PRM-BRX-TEMP\n", "  - PRM-BRX-TEMP\n  - PRM-BRX-DO\n"),
            ("{low: 6.60, high: 7.10}", "{low: 6.60, high: 7.20}"),
        ),
    ),
    "one side moves a record, the other edits it": (
        TERMS,
        MOVED,
        edited(TERMS, ("title: First\n", "title: The first\n  definition: What comes first.\n"), ("second.", "then.")),
        edited(
            MOVED,
            ("title: First\n", "title: The first\n  definition: What comes first.\n"),
            ("second.", "then."),
        ),
    ),
    "both add a record at the end": (
        TERMS,
        TERMS + "\n- kind: term\n  id: GLO-D\n  title: Fourth\n",
        TERMS + "\n# about E\n- kind: term\n  id: GLO-E\n  title: Fifth\n",
        TERMS
        + "\n- kind: term\n  id: GLO-D\n  title: Fourth\n"
        + "\n# about E\n- kind: term\n  id: GLO-E\n  title: Fifth\n",
    ),
    "one range, its limit and its evidence": (
        PARAMETER,
        edited(PARAMETER, ("{low: 6.6, high", "{low: 6.65, high")),
        edited(PARAMETER, ("[EVI-A]", "[EVI-A, EVI-B]")),
        edited(PARAMETER, ("{low: 6.6, high", "{low: 6.65, high"), ("[EVI-A]", "[EVI-A, EVI-B]")),
    ),
}
"""Base, ours, theirs and the merge, where git alone sees a conflict."""

_LOW, _HIGH, _UNIT = ("low: 6.60", "low: 6.70"), ("high: 7.10\neff", "high: 7.20\neff"), ('unit: "[pH]"', 'unit: "1"')
TRUE_CONFLICTS = {
    "one field, two values": (("6.85", "6.90"), ("6.85", "7.0"), "setpoint: changed differently on both sides"),
    "digits only": (("6.85", "6.850"), ("6.85", "6.9"), "setpoint: changed differently on both sides"),
    "deleted and edited": (
        ("why: The enzymes need it.\n", ""),
        ("need it", "need this"),
        "why: removed on one side and changed on the other",
    ),
    "the two ends of a range": (_LOW, _HIGH, "each side changed another part of one range or quantity (high, low)"),
    "the two ends of a range in brackets": (
        ("{low: 6.6,", "{low: 6.65,"),
        ("high: 7.10, evi", "high: 7.0, evi"),
        "each side changed another part of one range or quantity (high, low)",
    ),
    "unit and setpoint": (_UNIT, ("6.85", "6.90"), "unit changed on one side and the number setpoint on the other"),
    "unit and a number far from it": (
        _UNIT,
        _LOW,
        "unit changed on one side and the number ranges.studied.low on the other",
    ),
    "unit and a range that is new": (
        _UNIT,
        ("ranges:\n", "ranges:\n  action: {low: 6.7, high: 7.0}\n"),
        "unit changed on one side and the number ranges.action",
    ),
    "quantity kind and a number": (
        ('unit: "[pH]"', 'unit: "[pH]"\nquantity_kind: ph'),
        _LOW,
        "quantity_kind changed on one side and the number ranges.studied.low on the other",
    ),
    "the unit of one range and its end": (
        ("high: 7.10\neff", 'high: 7.10\n    unit: "1"\neff'),
        _LOW,
        "unit changed on one side and the number low on the other",
    ),
}
"""What ours changes, what theirs changes, and why that is a conflict."""
