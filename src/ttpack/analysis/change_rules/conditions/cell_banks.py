"""Questions about cell banks: where a bank comes from, and whether a protocol for new ones was approved."""

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Raw, Sides
from ttpack.model.status import APPROVED, STANDING


@condition
def end_of_production_bank(change: Change, sides: Sides) -> bool:
    """The bank is one of cells at the end of production on both sides where it exists: nothing is made from it."""
    return all(raw.get("level") == "EPC" for raw in sides.both(change.record))


@condition
def working_bank_of_approved_master(change: Change, sides: Sides) -> bool:
    """The bank is a WCB made from an MCB of the same cell line that was in force before the change and still is."""
    bank = sides.now(change.record)
    master = str(bank.get("made_from") or "")
    masters = (sides.was(master), sides.now(master))
    return bank.get("level") == "WCB" and all(
        one.get("level") == "MCB"
        and one.get("status") in APPROVED
        and one.get("cell_line") is not None
        and one.get("cell_line") == bank.get("cell_line", one.get("cell_line"))
        for one in masters
    )


@condition
def bank_protocol_approved(change: Change, sides: Sides) -> bool:
    """Every market that approved the product has approved a protocol for new working banks, on both sides.

    It is the protocol of an established condition of the master bank, or of another working bank made from it.
    """
    master = str(sides.now(change.record).get("made_from") or "")
    banks = {master, *sides.referrers(master, "cell_bank")} - {change.record, ""}
    conditions = {name for bank in banks for name in sides.referrers(bank, "established_condition")}
    for state in (sides.before, sides.after):
        approved = {raw.get("market") for _, raw in state.of_kind("regulatory_state") if raw.get("state") == "approved"}
        covered = {raw.get("market") for name in conditions if _has_protocol(raw := state.get(name))}
        if not approved or None in approved or not approved <= covered:
            return False
    return True


def _has_protocol(raw: Raw) -> bool:
    """Whether an approved protocol is cited by submission and date; a name alone shows nothing."""
    cited = all(raw.get(name) for name in ("protocol", "protocol_submission", "protocol_approved_on"))
    return cited and raw.get("status") in STANDING
