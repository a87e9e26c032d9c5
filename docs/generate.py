"""Writes the reference pages from the code: rules, kinds of records, formulas, commands. `--check` only compares.

Run as `python docs/generate.py`; the pages are committed, and CI fails when they are not what this writes.
"""

import math
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from ttpack.analysis.formulas import FORMULA_MODULES, Formula
from ttpack.analysis.scale_rules import SCALE_RULES
from ttpack.cli import explain_change
from ttpack.cli.main import COMMANDS, cli
from ttpack.model.kinds import KINDS, PREFIXES
from ttpack.model.schema import kind_schema
from ttpack.rules.registry import Rule, all_rules
from ttpack.source.problems import SOURCE_RULES

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))
from tests.references.every import every_reference  # noqa: E402  the tests compute what the page shows

if TYPE_CHECKING:
    from tests.references.result import ReferenceResult

PAGES = DOCS / "pages" / "reference"
CASES = DOCS.parent / "tests" / "rules" / "cases"
GENERATED = "<!-- written by docs/generate.py from the code; do not edit -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by its path below `reference/`."""
    rules = all_rules()
    families: dict[str, list[Rule]] = {}
    for rule in rules.values():
        families.setdefault(rule.family, []).append(rule)
    found = {"rules/index.md": rules_index(families), "commands.md": commands_page(), "rules/SRC.md": source_page()}
    found |= {f"rules/{family}.md": family_page(family, members) for family, members in families.items()}
    found["change-rules.md"] = change_rules_page()
    found["formulas.md"] = formulas_page()
    found["reference-results.md"] = reference_results_page()
    found["records/index.md"] = kinds_index()
    found |= {f"records/{kind}.md": kind_page(kind) for kind in sorted(KINDS)}
    return {path: GENERATED + text for path, text in found.items()}


def rules_index(families: dict[str, list[Rule]]) -> str:
    """All rules in one table."""
    lines = [
        "# Rules", "",
        "Consistency rules give an error as soon as both sides of a comparison exist. Completeness rules give a warning",
        "until the receiving site has passed the gate named here, and an error from then on. Problems with the files",
        "themselves are on the page [SRC](SRC.md).", "",
        "| rule | what is wrong | kind | from gate |", "|---|---|---|---|",
    ]  # fmt: skip
    for family, members in families.items():
        lines += [
            f"| [{rule.code}]({family}.md#{rule.code.lower()}) | {cell(rule.summary)} | {rule.kind} | {rule.from_gate or ''} |"
            for rule in members
        ]
    return "\n".join(lines) + "\n"


def family_page(family: str, members: list[Rule]) -> str:
    """The rules of one family, with the examples that are also their tests."""
    lines = [f"# {family}", ""]
    for rule in members:
        gate = f", from {rule.from_gate}" if rule.from_gate else ""
        waivable = "" if rule.waivable else " It cannot be waived."
        lines += [
            f"## {rule.code}", "", f"**{text(rule.summary)}** ({rule.kind}{gate}; `{rule.name}`)", "",
            f"*Why.* {text(rule.why)}", "", f"*Resolve.* {text(rule.resolve)}{waivable}", "",
            f"*Basis.* {text(rule.basis)}", "", *example(rule.code),
        ]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def example(code: str) -> list[str]:
    """The case file of a rule in words."""
    file = CASES / f"{code}.yaml"
    if not file.exists():
        return []
    case: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    lines = (
        ["*Examples*", "", " ".join(str(case.get("text", "")).split()), ""] if case.get("text") else ["*Examples*", ""]
    )
    for one in case.get("cases", []):
        expected = one.get("expect") or []
        said = "; ".join(
            f"{item.get('severity', 'finding')} at `{item.get('record', 'the file')}`" for item in expected
        )
        lines.append(f"- {text(str(one.get('name', '')))}: {said or 'nothing is found'}")
    return [*lines, ""]


def source_page() -> str:
    """What can be wrong with a file before any rule looks at it."""
    lines = ["# SRC", "", "Problems of the files themselves. They are always errors and cannot be waived.", ""]
    for code, rule in sorted(SOURCE_RULES.items()):
        lines += [
            f"## {code}", "", f"**{text(rule.what)}** (`{rule.name}`)", "", f"*Why.* {text(rule.why)}", "",
            f"*Resolve.* {text(rule.resolve)}", "",
        ]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def change_rules_page() -> str:
    """The table of change rules: what triggers each, its class, what it asks for, and how ttpack recognises it."""
    lines = [
        "# Change rules", "",
        "Each change of a package gets the class of the highest rule that it falls under; where none does, the weight of",
        "the field itself. Modifiers raise a class from moderate upward, never lower it. Classes, evidence and functions",
        "are proposals for qualified reviewers. The reporting category per market is in the regulatory profiles.", "",
        "`S-` is the sending unit, `C-` the receiving unit, `JSC` the joint steering committee.", "",
    ]  # fmt: skip
    for rule in explain_change.known().values():
        lines += [
            f"## {rule.id}", "", f"**{text(rule.trigger)}**: {rule.change_class}.", "",
            f"*Evidence.* {text('; '.join(rule.evidence) or 'none')}", "",
            f"*Approvers.* {text(', '.join(rule.approvers))}", "",
            f"*Source.* {text(rule.source)}", "",
            *(f"- {text(explain_change.match_words(match))}" for match in rule.matches), "",
        ]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def formulas_page() -> str:
    """Every formula with its inputs and units, where it holds, how far it may be off, and who published it."""
    lines = [
        "# Formulas", "",
        "A derived value names one of these as `derived.formula`, with inputs by name; a parameter may name one as",
        "`scale.rule`. Inputs are converted from their own units. Outside its range a formula gives no value, and what",
        "rests on it has no verdict. Without an uncertainty a formula is exact by definition.", "",
        "## Scale rules", "",
        "A parameter that depends on scale names one of these, or a formula, as `scale.rule`.", "",
        *(scale_rule_line(rule, names) for rule, names in SCALE_RULES.items()),
        "", "`sum`, `difference`, `product`, `ratio` and `mean` take inputs of any names.", "",
    ]  # fmt: skip
    subjects = {module: import_module(f"ttpack.analysis.{module}") for module in FORMULA_MODULES}
    for module, found in subjects.items():
        lines += [f"## {module.removesuffix('_formulas').capitalize()}", ""]
        for formula in sorted(found.FORMULAS, key=lambda formula: formula.name):
            lines += formula_lines(formula)
    return "\n".join(lines).rstrip() + "\n"


def scale_rule_line(rule: str, names: tuple[str, ...]) -> str:
    """A scale rule and what else it is called."""
    others = text(", ".join(names))
    return f"- `{rule}`, also {others}" if others else f"- `{rule}`"


def formula_lines(formula: Formula) -> list[str]:
    """One formula with a table of its inputs."""
    off = formula.uncertainty
    inputs = [(name, units, "") for name, units in formula.inputs.items()]
    inputs += [(name, units, "optional") for name, units in formula.optional.items()]
    return [
        f"### {formula.name}", "", f"{text(formula.words[:1].upper() + formula.words[1:])}. Gives {units_text(formula.result)}.", "",
        "| input | unit | |", "|---|---|---|",
        *(f"| `{name}` | {units_text(units)} | {optional} |" for name, units, optional in inputs), "",
        f"*Range.* {text(formula.valid) or 'all inputs above zero' if formula.positive else text(formula.valid) or 'any'}",
        "", f"*Uncertainty.* {f'{float(off.share) * 100:g} %: {text(off.words)}' if off else 'exact by definition'}", "",
        f"*Source.* {text(formula.source)}", "",
    ]  # fmt: skip


def reference_results_page() -> str:
    """Results of the literature beside ours."""
    lines = [
        "# Reference results", "",
        "Results of the literature beside what ttpack computes. The test suite computes all of them and fails where one",
        "disagrees; this page is written from the same figures. A status says where a figure comes from: *published* is",
        "printed in the source, *closed form* follows from exact theory, *derived* was worked out by hand, *computed* once",
        "by another program.", "",
    ]  # fmt: skip
    parts: dict[str, list[ReferenceResult]] = {}
    for one in every_reference():
        parts.setdefault(one.part, []).append(one)
    for part, results in parts.items():
        lines += [
            f"## {part}",
            "",
            "| what | source | status | expected | obtained | within |",
            "|---|---|---|---:|---:|---|",
        ]
        for one in results:
            obtained = f"{rounded(one.obtained, one.tolerance)} {one.unit}".strip()
            within = one.tolerance_words or f"{one.tolerance:g}"
            expected = f"{one.expected:.12g} {one.unit}".strip()
            lines.append(
                f"| {cell(one.name)} | {cell(one.source)} | {one.status} | {expected} | {obtained} | {cell(within)} |"
            )
        lines.append("")
    return "\n".join(lines)


def rounded(value: float, tolerance: float) -> str:
    """A figure with one digit more than its tolerance, so that the page is the same on every machine."""
    if tolerance <= 0:
        return f"{value:.10g}"
    return f"{value:.{max(0, -math.floor(math.log10(tolerance)))}f}" if tolerance < 1 else f"{value:.1f}"


def units_text(units: tuple[str, ...]) -> str:
    """Units of which any may be used."""
    return " or ".join(f"`{unit}`" for unit in units)


def kinds_index() -> str:
    """All kinds of records in one table."""
    lines = ["# Kinds of records", "", "| kind | id begins with | what it is |", "|---|---|---|"]
    for kind in sorted(KINDS):
        summary = (KINDS[kind].__doc__ or "").strip().splitlines()[0]
        lines.append(f"| [{kind}]({kind}.md) | {', '.join(PREFIXES[kind])} | {cell(summary)} |")
    return "\n".join(lines) + "\n"


def kind_page(kind: str) -> str:
    """The fields of one kind, and of the parts it holds."""
    schema = kind_schema(kind)
    lines = [f"# {kind}", "", text(" ".join((KINDS[kind].__doc__ or "").split())), "", *fields(schema)]
    for name, part in sorted(schema.get("$defs", {}).items()):
        lines += [f"## {name}", "", text(" ".join(str(part.get("description", "")).split())), "", *fields(part)]
    return "\n".join(lines).rstrip() + "\n"


def fields(schema: dict[str, Any]) -> list[str]:
    """A table of fields."""
    required = set(schema.get("required", []))
    lines = ["| field | type | what it is | change is |", "|---|---|---|---|"]
    for name, field in schema.get("properties", {}).items():
        label = f"**{name}**" if name in required else name
        lines.append(
            f"| {label} | {cell(type_words(field))} | {cell(field.get('description', ''))} | {field.get('x-significance', '')} |"
        )
    return [*lines, ""]


def type_words(field: dict[str, Any]) -> str:
    """A JSON Schema type in words."""
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(type_words(choice) for choice in field["anyOf"]))
    if "enum" in field:
        return ", ".join(map(str, field["enum"]))
    if "const" in field:
        return str(field["const"])
    if field.get("type") == "array":
        return f"list of {type_words(field.get('items', {}))}"
    if "pattern" in field and "[A-Z]{2,5}" in field["pattern"]:
        return "id"
    return str(field.get("format") or field.get("type", "anything"))


def commands_page() -> str:
    """The help of every command, as the terminal shows it."""
    lines = ["# Commands", "", "```text", help_of(cli, "ttpack"), "```", ""]
    for row in COMMANDS:
        command = cli.get_command(click.Context(cli, info_name="ttpack"), row.name)
        if command is not None:
            lines += [f"## ttpack {row.name}", "", "```text", help_of(command, f"ttpack {row.name}"), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def help_of(command: click.Command, name: str) -> str:
    """The help text at a fixed width."""
    with click.Context(command, info_name=name, max_content_width=100, terminal_width=100) as context:
        return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def text(words: str) -> str:
    """Words that Markdown shows as they are."""
    return words.replace("<", "&lt;").replace("[", "\\[").replace("*", "\\*").replace("_", "\\_")


def cell(words: str) -> str:
    """Words in a table."""
    return text(" ".join(words.split())).replace("|", "\\|")


def main() -> int:
    """Write the pages, or with `--check` say which differ; returns the exit code."""
    wanted = pages()
    present = {
        path.relative_to(PAGES).as_posix(): path.read_text(encoding="utf-8") for path in sorted(PAGES.rglob("*.md"))
    }
    stale = sorted({path for path in {*wanted, *present} if wanted.get(path) != present.get(path)})
    if "--check" in sys.argv:
        for path in stale:
            sys.stdout.write(f"docs/pages/reference/{path} is not fresh: run python docs/generate.py\n")
        return 1 if stale else 0
    for path in stale:
        file = PAGES / path
        if path in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[path], encoding="utf-8")
        else:
            file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
