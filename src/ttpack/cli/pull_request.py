"""`ttpack pull-request`: everything that a forge shows of a change, written as files; posting them is not ours."""

import hashlib
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from ttpack.cli.check import answered
from ttpack.cli.opening import as_of_date, folder_in_repository, open_base, open_tree
from ttpack.errors import TtpackError, UnreadableError, UsageError
from ttpack.rules.answer import Check, order

if TYPE_CHECKING:
    from ttpack.analysis.change_control import ChangeControl
    from ttpack.views.pull_request import Part

ERRORS, UNREADABLE = 1, 3
COMMENT_BUDGET = 60_000
"""Bytes of a comment; GitHub takes 65,536 characters."""
SUMMARY_BUDGET = 1_000_000
"""Bytes of a job summary; GitHub takes 1 MiB for each step."""
ANNOTATIONS = 10
"""What GitHub shows of each severity for one step."""
LONGEST_MARKER = 200
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&*+,;=%-]{1,1000}")


@dataclass(frozen=True)
class Examined:
    """One package at both revisions: what is wrong, and what the change means."""

    top: str
    check: Check
    impact: "ChangeControl | None"

    def path_of(self, path: str) -> str:
        """A file of the package as the forge names it, from the repository's top."""
        return posixpath.normpath(posixpath.join(self.top, path))


@click.command("pull-request")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--since", required=True, metavar="REV", help="The base branch, or a revision of it.")
@click.option("--to", "revision", metavar="REV", default="HEAD", show_default=True, help="The revision to examine.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of the files.")
@click.option("--link", metavar="URL", default="", help="Where the whole record can be seen, for the comment.")
def command(paths: tuple[str, ...], since: str, revision: str, out: Path, link: str) -> int:
    """Write what a pull request is told about the packages at each PATH.

    The change is compared with the merge base, as `check --since` and `impact --since` do. In the folder --out:
    comment.md (at most 60,000 bytes, details folded, its first line a hidden marker), summary.md (at most 1,000,000),
    annotations.txt (the ten worst new findings as workflow commands of GitHub), code-quality.json (for GitLab),
    outcome.json, and for each package sarif/N.sarif, junit/N.xml, check/N.json, impact/N.json and impact/N.md.

    Exits 1 where the change introduces an error, 3 where a package or a revision cannot be read (the files say so).
    """
    if link and not _ADDRESS.fullmatch(link):
        raise UsageError(f"{link!r} is no plain address; write it as https://example.org/runs/1")
    from ttpack.views.pull_request import Part

    folders = paths or (".",)
    examined: list[Examined] = []
    parts: list[Part] = []
    for number, folder in enumerate(folders, 1):
        try:
            one = _examine(folder, since, revision)
        except TtpackError as error:
            if isinstance(error, UsageError):
                raise
            click.echo(f"ttpack: {folder}: {error}", err=True)
            parts.append(Part(folder, failure=str(error)))
        else:
            examined.append(one)
            parts.append(_part(folder, one))
            _write_all(out, _files_of(one, number))
    _write_all(out, _texts(folders, parts, link))
    _write_all(out, _together(examined, parts))
    errors = sum(len(one.check.blocking) for one in examined)
    click.echo(f"{out}: {len(examined)} of {len(folders)} examined, errors introduced: {errors}")
    return UNREADABLE if len(examined) < len(folders) else ERRORS if errors else 0


def _examine(folder: str, since: str, revision: str) -> Examined:
    from ttpack.cli.comparing import compare_trees
    from ttpack.cli.impact import assess

    tree = open_tree(folder, revision)
    base = open_base(folder, since, tree)
    date = as_of_date(None, tree)
    before = answered(base, date) if base else None
    check = answered(tree, date, base).compared(before, since, base.revision.commit if base else None)
    return Examined(folder_in_repository(tree), check, assess(compare_trees(base, tree)) if base else None)


def _part(folder: str, one: Examined) -> "Part":
    from ttpack.cli.impact import record_page
    from ttpack.views.pull_request import Part, introduced

    record = record_page(one.impact, introduced(one.check)) if one.impact else None
    return Part(folder, one.check, record)


def _files_of(one: Examined, number: int) -> Iterator[tuple[str, str]]:
    """The whole answers about one package. Its own name is no part of a path: it may hold anything."""
    from ttpack.cli.check_formats import junit, sarif
    from ttpack.cli.impact import record_page
    from ttpack.model.json_text import dumps
    from ttpack.publish.comment import page_markdown
    from ttpack.views.pull_request import introduced

    yield f"check/{number}.json", dumps(one.check.as_json()) + "\n"
    yield f"sarif/{number}.sarif", sarif(one.check, one.path_of)
    yield f"junit/{number}.xml", junit(one.check, one.path_of)
    if one.impact:
        yield f"impact/{number}.json", dumps(one.impact.as_json()) + "\n"
        yield f"impact/{number}.md", page_markdown(record_page(one.impact, introduced(one.check)))


def _texts(folders: Sequence[str], parts: "Sequence[Part]", link: str) -> Iterator[tuple[str, str]]:
    from ttpack.publish.comment import page_markdown
    from ttpack.views.pull_request import pull_request_page

    page = pull_request_page(parts)
    foot = f"\n[The whole record]({link})\n" if link else "\nThe whole record is among the files of this run.\n"
    head = f"{marker(folders)}\n"
    yield "comment.md", f"{head}{page_markdown(page, COMMENT_BUDGET - len(head + foot))}{foot}"
    yield "summary.md", page_markdown(page, SUMMARY_BUDGET)


def marker(folders: Sequence[str]) -> str:
    """The hidden first line by which the comment is found again; a folder's name cannot end it."""
    named = " ".join(quote(folder, safe="/._").replace("-", "%2D") for folder in folders)
    if len(named) > LONGEST_MARKER:
        named = hashlib.sha256(named.encode()).hexdigest()
    return f"<!-- ttpack:pull-request {named} -->"


def _together(examined: Sequence[Examined], parts: "Sequence[Part]") -> Iterator[tuple[str, str]]:
    from ttpack.cli.check_formats import annotation, quality_issue
    from ttpack.model.json_text import dumps
    from ttpack.views.pull_request import introduced

    new = [(finding, one.path_of) for one in examined for finding in introduced(one.check)]
    worst = sorted(new, key=lambda pair: order(pair[0]))[:ANNOTATIONS]
    yield "annotations.txt", "".join(f"{annotation(finding, path_of)}\n" for finding, path_of in worst)
    issues = [quality_issue(finding, one.path_of) for one in examined for finding in one.check.findings]
    yield "code-quality.json", dumps(issues) + "\n"
    packages = [
        {
            "path": part.folder,
            "base": part.check.since.commit if part.check and part.check.since else None,
            "head": part.check.commit if part.check else None,
            "errors_introduced": len(part.check.blocking) if part.check else None,
            "failure": part.failure or None,
        }
        for part in parts
    ]
    changed = any(one.impact is None or one.impact.impact.changes for one in examined)
    said = bool(changed or new or len(examined) < len(parts))
    yield "outcome.json", dumps({"worth_a_comment": said, "packages": packages}) + "\n"


def _write_all(out: Path, files: Iterator[tuple[str, str]]) -> None:
    for name, text in files:
        try:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            raise UnreadableError(f"{error.filename or out}: {error.strerror}") from error
