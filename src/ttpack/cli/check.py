"""`ttpack check`: what is wrong with a package, where, and who can fix it."""

import datetime
import gc
import posixpath
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

import click

from ttpack.cli import clock
from ttpack.cli.approved_base import ApprovedBase, approved_base, change_since, key_of
from ttpack.cli.opening import (
    AnyTree,
    as_of_date,
    folder_from_here,
    folder_in_repository,
    open_base,
    open_package,
    open_tree,
)
from ttpack.cli.rules_version import rules_version
from ttpack.cli.signatures import verification
from ttpack.rules.answer import Check, from_json
from ttpack.source.cache import open_cache
from ttpack.source.trees import tree_digest

FORMATS = ("text", "json", "sarif", "junit", "github", "code-quality")
ERRORS = 1
LARGEST_REMEMBERED = 50_000_000
NO_GATES: Mapping[str, str] = MappingProxyType({})


@click.command("check")
@click.argument("path", default=".")
@click.option("--rev", "revision", metavar="REV", help="Check this revision instead of the files on disk.")
@click.option("--since", metavar="REV", help="Fail only on errors that the change since REV introduces.")
@click.option("--release", is_flag=True, help="Ask as at the release of this revision: what is due then is an error.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    path: str, revision: str | None, since: str | None, *, release: bool, as_of: str | None, output: str
) -> int:
    """Find what is wrong or missing in the package at PATH, where, and who can fix it.

    What contradicts itself is an error at once; what is missing is a warning until the receiving site has passed the
    gate that needs it. Exits 0 without errors, 1 with errors that no waiver covers (with --since: only with those
    that the change introduces), 2 for wrong usage, 3 where the package or a revision cannot be read.
    """
    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    base = open_base(path, since, tree) if since is not None else None
    answer = answered(tree, date, base, release=release)
    if since is not None:
        before = answered(base, date, release=release) if base else None
        answer = answer.compared(before, since, base.revision.commit if base else None)
    click.echo(_face(answer, tree, output), nl=False)
    return ERRORS if answer.blocking else 0


def answered(
    tree: AnyTree,
    date: datetime.date,
    base: AnyTree | None = None,
    *,
    release: bool = False,
    passed: Mapping[str, str] = NO_GATES,
) -> Check:
    """The check of a tree at a date, remembered from an earlier time when files, rules, date and base are the same.

    With `release` it is what stands against the release of that revision, with `passed` what would stand if those
    sites had passed those gates.
    """
    with open_cache(tree) as cache:
        approved = approved_base(tree, cache, release=release)
        key = f"{_key(tree, date, base)} {release} {key_of(approved, tree)} {sorted(passed.items())}"
        known = _remembered(cache.get(key))
        if known is None:
            from ttpack.model.json_text import dumps

            known = _computed(tree, date, base, approved, release=release, passed=passed)
            text = dumps(known.as_json(), indent=None)
            if len(text) < LARGEST_REMEMBERED:
                cache.put(key, text)
    shown = tree.revision
    return replace(known, revision=shown.name, commit=shown.commit, dirty=shown.dirty)


def _key(tree: AnyTree, date: datetime.date, base: AnyTree | None) -> str:
    """What an answer depends on: rules, date, every file of package and overlays, whether signatures are verified."""
    digests = (tree_digest(tree), tree_digest(base) if base else "")
    return " ".join(("check", rules_version(), verification(), date.isoformat(), *digests))


def _remembered(text: str | None) -> Check | None:
    if text is None:
        return None
    from ttpack.model.json_text import loads

    try:
        return from_json(loads(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _computed(
    tree: AnyTree,
    date: datetime.date,
    base: AnyTree | None,
    approved: ApprovedBase | str,
    *,
    release: bool,
    passed: Mapping[str, str],
) -> Check:
    from ttpack.cli.run_files import run_data_problems
    from ttpack.cli.signatures import signatures_of
    from ttpack.rules.check import check
    from ttpack.rules.registry import Context
    from ttpack.source.places import locate
    from ttpack.source.problems import SOURCE_RULES

    loaded = open_package(tree)
    package = loaded.package
    baseline = open_package(base).package if base else None
    change = change_since(tree, package, approved, release=release) if package.readable else ""
    gates = {**package.manifest.gates, **passed}
    context = Context(
        date, gates, baseline=baseline, package=package, change=change, release=release,
        signatures=signatures_of(package), run_data=run_data_problems(tree, package),
    )  # fmt: skip
    with collector_paused():
        answer = check(package, loaded.problems, context).located(lambda places: locate(tree, package, places))
    files = {finding.code for finding in loaded.problems}
    documented = {code: (one.what, one.why, one.resolve) for code, one in SOURCE_RULES.items() if code in files}
    return replace(answer, rules=dict(sorted((documented | dict(answer.rules)).items())))


@contextmanager
def collector_paused() -> Iterator[None]:
    """The records just read are no garbage: looking through them again and again would cost a tenth of the rules."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _face(answer: Check, tree: AnyTree, output: str) -> str:
    """The answer in one of the formats. Paths lead from the repository's top for machines, from here for people."""
    if output == "json":
        from ttpack.model.json_text import dumps

        return f"{dumps(answer.as_json())}\n"
    if output == "text":
        from ttpack.cli.check_text import text

        here = folder_from_here(tree)
        color = clock.color_wanted(sys.stdout)
        return text(answer, lambda path: posixpath.normpath(posixpath.join(here, path)), color=color)
    from ttpack.cli import check_formats

    top = folder_in_repository(tree)
    return check_formats.FACES[output](answer, lambda path: posixpath.normpath(posixpath.join(top, path)))
