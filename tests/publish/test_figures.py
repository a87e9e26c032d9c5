"""Pictures of authors, built by the real command: on each face, in each edition that holds their record, and clean."""

import shutil
import zipfile
from pathlib import Path

import pikepdf
import pytest
from lxml import html
from tests.conftest import Result, Ttpack, run
from tests.source.test_pictures import CANARY, JPEG, chunk, png, segment, svg

DRAWING = svg(b'<metadata>CANARY</metadata><rect width="40" height="9" fill="red"/><text y="19">pool \xce\xb2</text>')
PHOTO = JPEG[:2] + segment(0xE1, b"Exif\0\0" + CANARY) + JPEG[2:]
SCREEN = png(chunk(b"tEXt", b"Comment\0" + CANARY))
WORDS = "Absorbance rises once & falls < slow"
FILES: dict[str, bytes] = {
    "ttpack.yaml": b"{kind: package, id: PKG-P, title: Pictures, product: P, audience: [public], schema_version: '1'}",
    "records/a.yaml": f"""
- kind: unit_operation
  id: UO-ONE
  title: Capture
  audience: [public]
  illustrative: true
  attachments:
    - {{file: files/pool.svg, version: "2", alternative_text: "{WORDS}"}}
    - {{file: files/skid.jpg, alternative_text: The skid}}
    - {{file: files/mute.png}}
- kind: unit_operation
  id: UO-TWO
  title: Polish
  audience: [internal]
  attachments: [{{file: files/secret.png, alternative_text: The secret screen}}]
- kind: document
  id: DOC-ONE
  title: Description
  document_type: process_description
  number: PD-1
  revision: A
  status: draft
  audience: [public]
  shows: [UO-ONE, UO-TWO]
""".encode(),
    "files/pool.svg": DRAWING,
    "files/skid.jpg": PHOTO,
    "files/mute.png": png(),
    "files/secret.png": SCREEN,
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for name, content in FILES.items():
        (folder / "package" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "package" / name).write_bytes(content)
    return folder


def build(folder: Path, edition: str, *more: str) -> Path:
    out = folder / edition
    done: Result = run("build", folder / "package", "--out", out, "--as-of", "2026-01-01", "--edition", edition, *more)
    assert done.code == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def public(package: Path) -> Path:
    return build(package, "public")


def images(site: Path) -> dict[str, str]:
    """The alternative text of each image of the pages, by its file."""
    found = {}
    for path in site.glob("*.html"):
        for image in html.parse(str(path)).getroot().xpath("//article//img"):
            found[image.get("src")] = image.get("alt")
    return found


def test_the_site_shows_them_as_files_beside_its_pages(public: Path) -> None:
    shown = images(public / "site")
    assert sorted(shown.values()) == [WORDS, "The skid"]
    for name in shown:
        assert (public / "site" / name).is_file()
    assert {path.name for path in (public / "site/assets/pictures").iterdir()} == {Path(name).name for name in shown}
    page = (public / "site/uo-one.html").read_text("utf-8")
    assert "Capture (pool.svg, version 2, illustrative)" in page
    assert "Capture (skid.jpg, illustrative)" in page


def test_pdf_and_word_show_them_with_their_words(public: Path) -> None:
    with zipfile.ZipFile(public / "documents/pd-1.docx") as word:
        told = word.read("word/document.xml").decode()
        media = [word.read(name) for name in word.namelist() if name.startswith("word/media/")]
    assert 'descr="Absorbance rises once &amp; falls &lt; slow"' in told
    assert 'descr="The skid"' in told
    assert sorted(content[:3] for content in media) == [b"\x89PN", b"\xff\xd8\xff"]
    for name in ("package.pdf", "documents/pd-1.pdf"):
        with pikepdf.open(public / name) as pdf:
            alts = {str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one}
        assert {WORDS, "The skid"} <= alts


def test_an_edition_has_only_pictures_of_what_it_holds_and_nothing_that_is_said_in_their_files(public: Path) -> None:
    for path in sorted(public.rglob("*")):
        for content in [path.read_bytes()] if path.is_file() else []:
            assert CANARY not in content, path
            assert b"secret" not in content, path
    for path in public.glob("documents/*.docx"):
        with zipfile.ZipFile(path) as word:
            assert not [name for name in word.namelist() if CANARY in word.read(name) or b"secret" in word.read(name)]


def test_the_internal_edition_has_them_all(package: Path) -> None:
    site = build(package, "internal", "--only", "site") / "site"
    assert sorted(images(site).values()) == [WORDS, "The secret screen", "The skid"]


def test_a_changed_picture_is_a_changed_document(package: Path, public: Path, tmp_path: Path) -> None:
    shutil.copytree(package / "package", tmp_path / "package")
    (tmp_path / "package/files/pool.svg").write_bytes(DRAWING.replace(b"red", b"blue"))
    other = build(tmp_path, "public", "--only", "documents")
    name = "documents/pd-1.json"
    assert (other / name).read_bytes() != (public / name).read_bytes()


def test_a_picture_without_words_or_that_is_none_is_told(package: Path, tmp_path: Path, ttpack: Ttpack) -> None:
    shutil.copytree(package / "package", tmp_path / "package")
    (tmp_path / "package/files/skid.jpg").write_bytes(b"<html><script>alert(1)</script>")
    found = ttpack("check", "package", "--format", "json", "--as-of", "2026-01-01").json["findings"]
    told = {(one["code"], one["record"], one["field"]) for one in found if one["code"] in {"DOC-09", "SRC-20"}}
    assert told == {
        ("DOC-09", "UO-ONE", "attachments[2].alternative_text"),
        ("SRC-20", "UO-ONE", "attachments[1].file"),
    }
