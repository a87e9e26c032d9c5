"""The files of controlled documents: PDF with the data inside it, Word, and the data alone."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ttpack.publish.typst import write_pdf
from ttpack.publish.word import write_word
from ttpack.views.documents.contents import DocumentContent

_AT_ONCE = 2
"""How many files are made at once: the engines work outside the interpreter, each with memory of its own."""


def write_documents(documents: Sequence[DocumentContent], folder: Path, source_date_epoch: int) -> None:
    """Write `<file name>.pdf`, `.docx` and `.json` of each document to a folder; same input, same bytes.

    Raises PublishError for the first document, in their order, that cannot be set.
    """
    if documents:
        folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = [pool.submit(work) for document in documents for work in _work(document, folder, source_date_epoch)]
        try:
            for one in waiting:
                one.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _work(one: DocumentContent, folder: Path, source_date_epoch: int) -> Iterator[Callable[[], None]]:
    def pdf() -> None:
        attached = {f"{one.file_name}.json": one.data.encode()}
        write_pdf(one.publication, folder / f"{one.file_name}.pdf", attached, source_date_epoch)

    def word() -> None:
        (folder / f"{one.file_name}.json").write_text(one.data, encoding="utf-8")
        write_word(one.publication, folder / f"{one.file_name}.docx", source_date_epoch)

    yield pdf
    yield word
