"""The fixture publication, built once for all tests of the faces."""

from pathlib import Path

import pytest
from tests.publish import fixture_publication

from ttpack.publish.build import write_pdf, write_site, write_word
from ttpack.views.blocks import Publication

EPOCH = 1_700_000_000
PACKAGE = b'{"package": "PKG-AMAB"}'


@pytest.fixture(scope="session")
def publication() -> Publication:
    return fixture_publication.publication()


@pytest.fixture(scope="session")
def site(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    write_site(publication, out, EPOCH)
    return out


@pytest.fixture(scope="session")
def pdf(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pdf") / "package.pdf"
    write_pdf(publication, out, {"package.json": PACKAGE}, EPOCH)
    return out


@pytest.fixture(scope="session")
def word(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("word") / "package.docx"
    write_word(publication, out, EPOCH)
    return out
