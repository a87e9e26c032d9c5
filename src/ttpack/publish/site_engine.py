"""MkDocs-Material behind one function: staged pages in, a folder of a site out.

The steps are those of `mkdocs build`, in its order, so that pages kept of an earlier build can stand in for those
that would come out the same; a build that keeps none runs through the same lines.
"""

import logging
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ttpack.publish.error import PublishError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

# Written by the engine, of no use to a reader: other languages' stemmers, maps to sources that are not there.
_UNWANTED = ("assets/javascripts/lunr", "assets/images")
_SOURCE_MAP = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n*]*(?:\*/)?\n?")

Entries = Sequence[Mapping[str, Any]]
"""What the search index holds of one page."""


def build_site(staging: Path, kept: Mapping[str, Entries], source_date_epoch: int) -> dict[str, Entries]:
    """Build `staging`/site from `staging`/docs and `staging`/mkdocs.yml; what the search index holds of each page.

    Pages in `kept`, by slug, are not rendered: their entries go into the search index and their files are left to
    the caller.

    Raises:
        PublishError: the engine stops or warns.
    """
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    with _quiet_engine(source_date_epoch) as warnings:
        try:
            config = load_config(config_file=str(staging / "mkdocs.yml"))
            config.plugins.on_startup(command="build", dirty=False)
            entries = _build(config.plugins.on_config(config), kept)
            config.plugins.on_shutdown()
        except MkDocsException as problem:
            raise PublishError(f"the site engine stopped: {problem}") from problem
    if warnings.messages:
        raise PublishError(f"the site engine warns: {'; '.join(warnings.messages)}")
    _tidy(staging / "site")
    return entries


def _build(config: "MkDocsConfig", kept: Mapping[str, Entries]) -> dict[str, Entries]:
    """What `mkdocs.commands.build.build` does, for pages that are not kept; no page of errors and no site map."""
    from mkdocs.commands import build as engine
    from mkdocs.structure.files import get_files, set_exclusions
    from mkdocs.structure.nav import get_navigation

    config.plugins.on_pre_build(config=config)
    files = get_files(config)
    environment = config.theme.get_env()
    files.add_files_from_theme(environment, config)
    files = config.plugins.on_files(files, config=config)
    set_exclusions(files, config)
    navigation = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
    documents = files.documentation_pages()
    changed = [file.page for file in documents if file.page and _slug(file) not in kept]
    for page in changed:
        engine._populate_page(page, config, files)  # noqa: SLF001  the engine's loop, for fewer pages
    environment = config.plugins.on_env(environment, config=config, files=files)
    files.copy_static_files()
    index: Any = vars(config.plugins["material/search"])["search_index"]
    found: dict[str, Entries] = {}
    for file in documents:
        slug, before = _slug(file), len(index.entries)
        if slug in kept:
            index.entries += kept[slug]
        elif file.page:
            engine._build_page(file.page, config, documents, navigation, environment)  # noqa: SLF001  the same
        found[slug] = index.entries[before:]
    for page in changed:
        page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)
    config.plugins.on_post_build(config=config)
    return found


def _slug(file: Any) -> str:
    return str(file.src_uri).removesuffix(".md")


class _Warnings(logging.Handler):
    """Keeps what the engine warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _quiet_engine(source_date_epoch: int) -> Iterator[_Warnings]:
    """The engine's clock stands still and its messages come to us, until the block ends."""
    logger, warnings = logging.getLogger("mkdocs"), _Warnings()
    # The engine has no other way to be told the time.
    before = os.environ.get("SOURCE_DATE_EPOCH")  # noqa: TID251
    level, propagate = logger.level, logger.propagate
    os.environ["SOURCE_DATE_EPOCH"] = str(source_date_epoch)  # noqa: TID251
    logger.addHandler(warnings)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield warnings
    finally:
        logger.removeHandler(warnings)
        logger.setLevel(level)
        logger.propagate = propagate
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]  # noqa: TID251
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before  # noqa: TID251


def _tidy(site: Path) -> None:
    for name in _UNWANTED:
        shutil.rmtree(site / name, ignore_errors=True)
    for path in site.rglob("*.map"):
        path.unlink()
    for path in [*site.rglob("*.js"), *site.rglob("*.css")]:
        content = path.read_bytes()
        if b"sourceMappingURL=" in content:
            path.write_bytes(_SOURCE_MAP.sub(b"", content))
