"""The ruler on the site and the command give the same answer: for every parameter, at and around every limit.

The page's own scripts and data are asked in headless Chromium from the folder, without a network; the command's
interpreter is asked in this process, and a few questions through the command itself.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from tests.conftest import Result, Ttpack

from ttpack.analysis.deviations.answer import answer, answer_json
from ttpack.analysis.deviations.book import EVENTS, Rulebook
from ttpack.analysis.deviations.classify import Question
from ttpack.analysis.deviations.limits import Limits
from ttpack.analysis.deviations.rulebook import rulebook
from ttpack.cli.opening import open_package, open_tree
from ttpack.model import json_text

SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--allow-file-access-from-files",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
DAY_OF_THE_DEMO = date(2026, 10, 16)
FOUND = datetime(2026, 12, 23, 15, 59, 30, tzinfo=UTC)
PROBE = """<!doctype html><meta charset="utf-8"><body><pre id="answers"></pre>
<script type="application/json" id="book">BOOK</script><script type="application/json" id="asked">ASKED</script>
<script src="assets/ttpack/ruler-clocks.js"></script><script src="assets/ttpack/ruler.js"></script><script>
const book = JSON.parse(document.getElementById("book").textContent);
const asked = JSON.parse(document.getElementById("asked").textContent);
const ruler = globalThis.ttpackRuler;
const sorted = (one) => Array.isArray(one) ? one.map(sorted) : one && typeof one === "object"
  ? Object.fromEntries(Object.keys(one).sort().map((key) => [key, sorted(one[key])])) : one;
const digest = (text) => {
  let found = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) found = Math.imul(found ^ byte, 0x01000193) >>> 0;
  return found.toString(16);
};
document.getElementById("answers").textContent = asked.map((one) => {
  const put = { ...one, value: one.value === null ? null : ruler.parsed(one.value),
    duration: one.duration === null ? null : ruler.parsed(one.duration) };
  const { open, escalation, ...found } = ruler.answer(book, put);
  for (const call of escalation) delete call.names;
  return digest(JSON.stringify(sorted({ ...found, escalation })));
}).join(" ");
</script></body>"""


@pytest.fixture(scope="module")
def book(demo: tuple[Path, Result]) -> Rulebook:
    package = open_package(open_tree(str(demo[0]), "HEAD")).package
    return rulebook(package, DAY_OF_THE_DEMO)


def data_of_the_page(demo: tuple[Path, Result]) -> Any:
    page = html.parse(str(demo[0] / "build" / "site" / "when-it-drifts.html"))
    [data] = page.getroot().xpath("//script[@id='tt-data-ruler']")
    return json_text.loads(data.text)


def values_of(limits: Limits, accuracy: Fraction | None) -> list[Fraction]:
    """Every limit, the least above and below it, and what the sensor may take for it."""
    ends = {
        end for one in (limits.normal, limits.proven, limits.edge) if one for end in (one.ends.low, one.ends.high)
        if end is not None
    }  # fmt: skip
    near = [Fraction(0), Fraction(1, 10**9), *([accuracy] if accuracy else [])]
    return sorted({end + sign * step for end in ends for step in near for sign in (-1, 1)} | {Fraction(0)})


def durations_of(book: Rulebook) -> list[Fraction | None]:
    """Every end of a duration that a row names, just before and after it, and not known."""
    ends = {
        end for row in book.rows if row.duration for end in (row.duration.low, row.duration.high) if end is not None
    }
    around = {end + step for end in ends for step in (-1, 0, 1)} | {Fraction(0), Fraction(10**6)}
    return [None, *sorted(one for one in around if one >= 0)]


def questions(book: Rulebook) -> Iterator[Question]:
    """Every parameter and site at all limits, and there every duration and stage; every event; times of calls."""
    durations, stages = durations_of(book), list(book.stages)
    for name, entry in book.parameters.items():
        for site in book.sites:
            limits, own = book.limits_of(name, site), entry.accuracy.get(site)
            placed: dict[str | None, Fraction] = {}
            for value in values_of(limits, own.width if own else None):
                placed.setdefault(limits.interval_of(value), value)
                yield Question(site, stages[-1], name, value, duration=Fraction(60))
            for value in placed.values():
                for duration in durations:
                    for stage in stages:
                        yield Question(site, stage, name, value, duration=duration)
                yield Question(site, stages[0], name, value, repeat=True, together=(name,), discovery=FOUND)
    for site in book.sites:
        for stage in stages:
            for event in EVENTS:
                yield Question(site, stage, event=event, duration=Fraction(5))
                yield Question(site, stage, event=event, occurrence=FOUND, discovery=FOUND, qa_awareness=FOUND)


def as_asked(one: Question) -> dict[str, Any]:
    instants = {name: getattr(one, name) for name in ("occurrence", "discovery", "qa_awareness")}
    return {
        "site": one.site, "stage": one.stage, "parameter": one.parameter, "event": one.event, "repeat": one.repeat,
        "value": None if one.value is None else str(one.value), "together": list(one.together),
        "duration": None if one.duration is None else str(one.duration),
        **{name: None if at is None else int(at.timestamp()) for name, at in instants.items()},
    }  # fmt: skip


def expected(book: Rulebook, one: Question) -> dict[str, Any]:
    """The command's answer, without the words about the value, which the form of the page writes."""
    told = answer_json(answer(book, one))
    terms = [{"site": site, **given} for site, given in told["terms"].items()]
    for term, found in zip(terms, answer(book, one).found.terms, strict=True):
        term["by_row"] = found.by_row
    rows = [{"row": row["row"], "because": row["because"]} for row in told["rows"]]
    kept = (
        "class", "row_class", "sponsor_role", "row", "interval", "actions", "notify", "owners", "sending_owners",
        "statement", "remarks", "local_troubleshooting", "escalation", "not_computable",
    )  # fmt: skip
    return {name: told[name] for name in kept} | {"terms": terms, "rows": rows}


def digest(given: Any) -> str:
    text = json.dumps(given, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    found = 0x811C9DC5
    for byte in text.encode():
        found = ((found ^ byte) * 0x01000193) & 0xFFFFFFFF
    return f"{found:x}"


def opened(folder: Path, address: str, tmp_path: Path) -> str:
    """The page's DOM after its scripts have run, from the folder and without any network."""
    chromium = shutil.which("chromium") or pytest.skip("no Chromium here")
    command = [chromium, *SWITCHES, f"--user-data-dir={tmp_path / 'profile'}", "--timeout=120000", "--dump-dom"]
    url = f"file://{folder}/{address}"
    return subprocess.run([*command, url], capture_output=True, check=True, timeout=180).stdout.decode(
        "utf-8", "replace"
    )


def test_the_data_of_the_page_is_the_rulebook(demo: tuple[Path, Result], book: Rulebook):
    written, mine = data_of_the_page(demo), json_text.loads(json_text.dumps(book.as_json(), indent=None))

    for name in ("revision", "revision_text"):
        written.pop(name), mine.pop(name)
    assert written == mine


@pytest.mark.browser
def test_browser_and_command_agree_at_and_around_every_limit(demo: tuple[Path, Result], book: Rulebook, tmp_path: Path):
    asked = list(questions(book))
    told = json.dumps(book.as_json(), default=str), json.dumps([as_asked(one) for one in asked])
    kept = [text.replace("<", "\\u003c") for text in told]
    folder = tmp_path / "site"
    shutil.copytree(demo[0] / "build" / "site" / "assets" / "ttpack", folder / "assets" / "ttpack")
    (folder / "probe.html").write_text(PROBE.replace("BOOK", kept[0]).replace("ASKED", kept[1]), "utf-8")

    dom = opened(folder, "probe.html", tmp_path)

    answers = re.findall(r'<pre id="answers">([^<]*)</pre>', dom)[0].split()
    assert len(answers) == len(asked) > 10_000
    differing = [one for one, found in zip(asked, answers, strict=True) if digest(expected(book, one)) != found]
    assert not differing, (len(differing), differing[:3], expected(book, differing[0]))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("put", "arguments"),
    [
        ("parameter=PRM-BRX-PH&value=7.2&duration=30min&stage=ppq", ("PRM-BRX-PH", "7.2", "--duration", "30min")),
        ("parameter=PRM-VI-PH&value=3.9&duration=&stage=ppq", ("PRM-VI-PH", "3.9")),
        ("event=contamination&stage=ppq", ("--event", "contamination")),
    ],
)
def test_the_form_says_what_the_command_says(demo, ttpack_here: Ttpack, tmp_path: Path, put: str, arguments):
    said = ttpack_here(
        "classify", *arguments, "--stage", "ppq", "--site", "SITE-B", "--rev", "HEAD", "--format", "json", cwd=demo[0]
    ).json

    dom = opened(demo[0] / "build" / "site", f"when-it-drifts.html?site=SITE-B&{put}", tmp_path)

    words = " ".join(html.fromstring(dom).xpath("string(//div[@class='tt-ruler-answer'])").split())
    assert words.startswith(said["class"].capitalize())
    assert f"{said['terms']['SITE-B']['term']} at " in words
    assert said["row"] in words
    for line in (*said["actions"], *said["remarks"], *said["not_computable"]):
        if "without a unit" not in line:
            assert line in words
    for call in said["escalation"]:
        assert f"{call['label']}: " in words
        assert call["words"] in words
