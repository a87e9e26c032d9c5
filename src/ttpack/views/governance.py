"""Pages that a steering committee opens in its meeting."""

from collections.abc import Mapping
from datetime import date

from ttpack.analysis.agenda.agenda import agenda
from ttpack.analysis.bodies import committee
from ttpack.model.package import Package
from ttpack.rules.answer import Check
from ttpack.views.agenda import agenda_page
from ttpack.views.blocks import Page
from ttpack.views.joint_team import joint_team_page
from ttpack.views.objectives import objectives_page
from ttpack.views.open_items import open_items_page
from ttpack.views.regulatory_watch import regulatory_watch_page
from ttpack.views.who_decides import who_decides_page


def governance_pages(package: Package, as_of: date, next_gate: Mapping[str, Check] | None = None) -> list[Page]:
    """Agenda, open items, team, who decides, objectives and decisions, regulatory watch: those with something to say.

    `next_gate` is the check of each receiving site as if it stood at its next gate.
    """
    body = committee(package)
    findings = {site: answer.findings for site, answer in (next_gate or {}).items()}
    answer = agenda(package, as_of, body, findings)
    found = (
        agenda_page(package, answer) if body or answer.counts["total"] else None,
        open_items_page(package, as_of),
        joint_team_page(package, as_of),
        who_decides_page(package),
        objectives_page(package, as_of),
        regulatory_watch_page(package, as_of),
    )
    return [page for page in found if page]
