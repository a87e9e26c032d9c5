"""What the literature states is what this program computes."""

from tests.references.every import every_reference


def test_every_reference_result_is_obtained() -> None:
    wrong = [one for one in every_reference() if not one.agrees]
    assert not wrong, "\n".join(f"{one.name}: {one.expected} expected, {one.obtained} obtained" for one in wrong)
