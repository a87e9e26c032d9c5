"""`ttpack explain`: what a rule checks, why it matters, and how to resolve what it finds."""

from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import wrap

import click

from ttpack.errors import UsageError

WIDTH = 92
_KINDS = {
    "consistency": "consistency: an error as soon as both sides of the comparison exist",
    "completeness": "completeness: a warning until the receiving site has passed gate {gate}, an error from then on",
    "information": "information: never an error",
    "release": "completeness: a warning until the revision is released (check --release), an error then",
    "file": "file: an error; it is about the file itself, and nobody can waive it",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is said about a rule."""

    code: str
    name: str
    kind: str
    summary: str
    why: str
    resolve: str
    basis: str = ""
    gate: str = ""
    waivable: bool = True
    requires: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The explanation as a JSON object, its keys in a fixed order."""
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "from_gate": self.gate or None,
            "waivable": self.waivable,
            "requires": list(self.requires),
            "basis": self.basis,
            "summary": self.summary,
            "why": self.why,
            "resolve": self.resolve,
        }


@click.command("explain")
@click.argument("code", required=False)
@click.option("--format", "output", type=click.Choice(("text", "json")), default="text", show_default=True)
def command(code: str | None, output: str) -> int:
    """Say what the rule CODE checks, why it matters, and how to resolve what it finds; without CODE, list all rules.

    CODE is as findings print it, such as PRM-04, or the rule's name; or as an impact record prints it, such as CH-15.
    """
    from ttpack.cli import explain_change
    from ttpack.model.json_text import dumps

    known, changes = explanations(), explain_change.known()
    if code is None:
        listed = [one.as_json() for one in known.values()]
        rows = [explain_change.as_json(rule) for rule in changes.values()]
        click.echo(dumps({"rules": listed, "change_rules": rows}) if output == "json" else _list(known, len(changes)))
        return 0
    rule = changes.get(_change_rule(code))
    if rule is not None:
        click.echo(dumps(explain_change.as_json(rule)) if output == "json" else explain_change.text(rule))
        return 0
    found = _find(code, known)
    click.echo(dumps(found.as_json()) if output == "json" else _text(found))
    return 0


def explanations() -> dict[str, Explanation]:
    """Every rule by code, those about the files themselves included."""
    from ttpack.rules.registry import all_rules
    from ttpack.rules.waivers import waivable
    from ttpack.source.problems import SOURCE_RULES

    found = {
        rule.code: Explanation(
            rule.code, rule.name, rule.kind, rule.summary, rule.why, rule.resolve, rule.basis, rule.from_gate or "",
            rule.waivable and waivable(rule.code), rule.requires,
        )
        for rule in all_rules().values()
    }  # fmt: skip
    for one in SOURCE_RULES.values():
        found[one.code] = Explanation(one.code, one.name, "file", one.what, one.why, one.resolve, waivable=False)
    return dict(sorted(found.items()))


def _change_rule(code: str) -> str:
    """The code of a change rule as the table writes it: CH-61a."""
    text = code.strip()
    return text[:3].upper() + text[3:].lower()


def _find(code: str, known: dict[str, Explanation]) -> Explanation:
    wanted = code.strip().upper()
    by_name = {one.name.upper(): one for one in known.values()}
    found = known.get(wanted) or by_name.get(wanted)
    if found:
        return found
    near = get_close_matches(wanted, [*known, *by_name], n=3, cutoff=0.6)
    names = [known[one].code if one in known else by_name[one].code for one in near]
    hint = f"; did you mean {', '.join(dict.fromkeys(names))}?" if near else "; `ttpack explain` lists all rules"
    raise UsageError(f"there is no rule {code[:60]!r}{hint}")


def _list(known: dict[str, Explanation], change_rules: int) -> str:
    lines = []
    for one in known.values():
        gate = f" (from {one.gate})" if one.gate else ""
        lines.append(f"{one.code}  {one.name}{gate}")
        lines += wrap(one.summary, WIDTH, initial_indent="        ", subsequent_indent="        ")
    lines.append(f"CH-..   {change_rules} rules give a change its class; ttpack explain CH-15 explains one.")
    return "\n".join(lines)


def _text(one: Explanation) -> str:
    kind = _KINDS["release" if one.gate == "release" else one.kind].format(gate=one.gate or "G0")
    lines = [f"{one.code} {one.name}", "", *wrap(one.summary, WIDTH), ""]
    for title, text in (("Why", one.why), ("Resolve", one.resolve), ("Kind", kind), ("Basis", one.basis)):
        if text:
            lines += wrap(f"{title}: {text}", WIDTH, subsequent_indent="  ")
    lines += (
        wrap(f"Requires: {', '.join(one.requires)} (not judged where one of them finds something)", WIDTH)
        if (one.requires)
        else []
    )
    lines.append(f"Waiver: {'possible, by both QAs' if one.waivable else 'not possible'}")
    return "\n".join(lines)
