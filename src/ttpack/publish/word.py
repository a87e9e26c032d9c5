"""The Word file: our blocks as pandoc's document tree, written with a committed reference document.

pandoc runs in its sandbox on values; nothing of a package is read as markup, as a path or as an address to fetch.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from ttpack.publish import word_file
from ttpack.publish.control import (
    APPROVAL_HEADS,
    NO_HISTORY,
    NOTICE,
    approval_cells,
    control_facts,
    watermark_notice,
)
from ttpack.publish.error import PublishError
from ttpack.publish.prose import parse_prose
from ttpack.publish.records import collect_prose, index_records
from ttpack.publish.resources import asset
from ttpack.publish.word_blocks import WordFace
from ttpack.publish.word_pictures import drawn
from ttpack.publish.word_tree import PLAIN, Tree, bookmark, cell, paragraph, table, words
from ttpack.views.blocks import Page, Publication

_SECONDS = 300
_API = [1, 23, 1]


def write_word(publication: Publication, out_file: Path, source_date_epoch: int) -> None:
    """Write the Word file; same input, same bytes.

    Raises:
        PublishError: an author's text cannot be set, or pandoc gives up; nothing is written.
    """
    records, prose = index_records(publication), parse_prose(collect_prose(publication.pages))
    face = WordFace(publication, records, prose, drawn(publication.pages, publication.pictures))
    blocks = [*_cover(face), *_contents(publication.pages), *(tree for p in publication.pages for tree in face.page(p))]
    meta = {name: {"t": "MetaString", "c": text} for name, text in _meta(publication).items()}
    tree = {"pandoc-api-version": _API, "meta": meta, "blocks": blocks}
    content = word_file.finished(_run_pandoc(tree, publication), publication, source_date_epoch)
    out_file.parent.mkdir(parents=True, exist_ok=True)
    out_file.write_bytes(content)


def _meta(publication: Publication) -> dict[str, str]:
    said = {"title": publication.title, "subtitle": publication.product, "lang": publication.language}
    return {name: text for name, text in said.items() if text}


def _run_pandoc(tree: dict[str, Any], publication: Publication) -> bytes:
    import pypandoc

    # A fresh folder with one file: the sandbox reads nothing else, and no settings of the machine's user.
    with tempfile.TemporaryDirectory(prefix="ttpack-word-") as folder:
        reference = Path(folder) / "reference.docx"
        reference.write_bytes(word_file.with_header(asset("reference.docx").read_bytes(), publication))
        command = [pypandoc.get_pandoc_path(), "+RTS", "-M2g", "-RTS", "--sandbox", "-f", "json", "-t", "docx"]
        command += ["--number-sections", f"--reference-doc={reference}", f"--data-dir={folder}", "-o", "-"]
        values = json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace")
        try:
            # The command is ours and the values go through standard input.
            done = subprocess.run(command, input=values, capture_output=True, check=True, timeout=_SECONDS, cwd=folder)  # noqa: S603
        except subprocess.CalledProcessError as problem:
            raise PublishError(f"the Word file cannot be set: {problem.stderr.decode('utf-8', 'replace')}") from problem
        except subprocess.TimeoutExpired:
            raise PublishError(f"the Word file cannot be set in {_SECONDS} s") from None
    return done.stdout


def _cover(face: WordFace) -> list[Tree]:
    publication = face.publication
    found = []
    if notice := watermark_notice(publication):
        found.append(paragraph([{"t": "Strong", "c": words(notice)}], "Callout Title bad"))
    found.append(face.facts(control_facts(publication)))
    if publication.approvals:
        heads = [cell(words(head)) for head in APPROVAL_HEADS]
        rows = [[cell(words(text)) for text in approval_cells(approval)] for approval in publication.approvals]
        found += [_heading("Approvals"), table([1.5, 1.2, 1.0, 0.9, 1.0, 1.1], ["AlignLeft"] * 6, heads, rows, "")]
    found.append(_heading("Revision history"))
    if publication.revisions:
        heads = [cell(words(head)) for head in ("Revision", "Date", "What changed")]
        rows = [[cell(words(text or "–")) for text in (r.revision, r.date, r.summary)] for r in publication.revisions]
        found.append(table([0.2, 0.2, 0.6], ["AlignLeft"] * 3, heads, rows, ""))
    else:
        found.append(paragraph(words(NO_HISTORY)))
    return [*found, paragraph(words(NOTICE), "Soft Line")]


def _heading(title: str) -> Tree:
    return paragraph(words(title), "Cover Heading")


def _contents(pages: tuple[Page, ...]) -> list[Tree]:
    """The chapters as links: a table of contents of a word processor would be a field that asks to be updated."""
    entries = [
        [paragraph([{"t": "Link", "c": [PLAIN, words(page.title), [f"#{bookmark(page.slug)}", ""]]}])] for page in pages
    ]
    form = [1, {"t": "Decimal"}, {"t": "Period"}]
    return [_heading("Contents"), {"t": "OrderedList", "c": [form, entries]}] if len(entries) > 1 else []
