"""Words that readers may not see are found wherever they stand, however many titles there are and however alike."""

import datetime
import re
from collections.abc import Sequence
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.rules.test_cases import all_rules
from tests.rules.test_robustness import package_of

from ttpack.analysis.readers import may_read
from ttpack.model.findings import Problem
from ttpack.rules.registry import Context, as_outcome

Told = set[tuple[str, str, str]]
AUDIENCES = (None, ["internal"], ["partner"], ["regulator"], ["party:ORG-X"], ["party:ORG-X", "regulator"], ["public"])
WORDS = st.sampled_from(["loop", "Loop", "of", "étape", "pH", "7"])
TITLES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=7), st.lists(st.sampled_from(["loop", "pH"]), min_size=22, max_size=28)
).map(" ".join)
TEXTS = st.lists(st.one_of(TITLES, st.sampled_from([",", "\n", "none", "looped"])), max_size=6).map(" ".join)
OTHERS = [f"A title with a different word{number:02} in it" for number in range(40)]


def evidence(number: int, title: str, note: str, audience: Sequence[str] | None) -> dict[str, Any]:
    raw: dict[str, Any] = {"kind": "evidence", "id": f"EVI-{number:02}", "title": title}
    return raw | ({"note": note} if note else {}) | ({"audience": list(audience)} if audience else {})


def told(raws: Sequence[dict[str, Any]]) -> Told:
    """What the rule says: the record, the field, and whose title stands there."""
    package = package_of({raw["id"]: raw for raw in raws})
    context = Context(datetime.date(2026, 11, 1), package.manifest.gates)
    found: Told = set()
    for outcome in map(as_outcome, all_rules()["DOC-07"].function(package, context)):
        assert isinstance(outcome, Problem)
        named = re.search(r"may not read (\S+), whose title it gives", outcome.message)
        if named:
            found.add((outcome.place.record or "", outcome.place.field, named[1]))
    return found


def plainly(raws: Sequence[dict[str, Any]]) -> Told:
    """The same, each title sought in each text."""
    titles: dict[str, list[dict[str, Any]]] = {}
    for raw in raws:
        words = spaced(raw["title"])
        if len(words.split()) >= 5 and len(words.replace(" ", "")) >= 6:
            titles.setdefault(words, []).append(raw)
    found: Told = set()
    for raw in raws:
        readers = raw.get("audience")
        for field in ("title", "note") if readers and readers != ["internal"] else ():
            text = raw.get(field, "")
            for words, owners in titles.items() if " " in text else ():
                if words in spaced(text) and not any(
                    raw is one or may_read(readers, one.get("audience")) for one in owners
                ):
                    found.add((raw["id"], field, owners[0]["id"]))
    return found


def spaced(text: str) -> str:
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return f" {words} "


@settings(max_examples=80, deadline=None)
@given(
    records=st.lists(st.tuples(TITLES, TEXTS, st.sampled_from(AUDIENCES)), min_size=2, max_size=7), many=st.booleans()
)
@example(
    records=[("loop " * 25, "", None), ("loop " * 26, "", None), ("Short", "Loop " * 25 + "of", ["partner"])],
    many=False,
)
def test_the_same_is_found_as_by_seeking_each_title_in_each_text(
    records: list[tuple[str, str, list[str] | None]], many: bool
) -> None:
    raws = [evidence(number, title, note, audience) for number, (title, note, audience) in enumerate(records)]
    raws += [evidence(50 + number, title, "", None) for number, title in enumerate(OTHERS if many else [])]
    assert told(raws) == plainly(raws)


def test_a_title_and_a_text_that_repeat_one_word_without_end_are_told_from_each_other() -> None:
    # to compare them word by word from every word on would take days
    long = "loop " * 100_000
    raws = [
        evidence(1, f"{long}end", "", None),
        evidence(2, long, "", None),
        evidence(3, "Short", long + "loop", ["partner"]),
    ]
    assert told(raws) == {("EVI-03", "note", "EVI-02")}


def test_an_internal_field_without_any_word_is_no_secret() -> None:
    person = {"kind": "person", "id": "PER-X", "title": "Ida", "email": "@@@@@@@@"}
    assert told([person, evidence(1, "Study", "At @@@@@@@@ noon", ["partner"])]) == set()
