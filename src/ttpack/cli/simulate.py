"""`ttpack simulate`: how a campaign runs under variation, what limits it, and what would change that."""

from typing import TYPE_CHECKING, Any

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.cli.executors import executor_options
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.model.campaign import Campaign, WhatIf
    from ttpack.model.package import Package

TO_DO = 1
ALL, NONE = "all", "none"
MOST_REPLICATIONS = 10_000


@click.command("simulate")
@click.argument("campaign_id", required=False, metavar="[CPN-ID]")
@click.option(
    "--replications",
    type=click.IntRange(1, MOST_REPLICATIONS),
    metavar="N",
    help="Replications (default: those of the campaign, else 100).",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="N", help="Seed (default: the campaign's, else 1).")
@click.option(
    "--what-if",
    "wanted",
    multiple=True,
    metavar="NAME",
    help="Compare with this change that the campaign names; can be given again; `none` for none (default: all).",
)
@executor_options
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    campaign_id: str | None,
    *,
    replications: int | None,
    seed: int | None,
    wanted: tuple[str, ...],
    workers: int | None,
    threads: bool,
    dask: str | None,
    path: str,
    revision: str | None,
    as_of: str | None,
    output: str,
) -> int:
    """Simulate the campaign CPN-ID (not needed where the package has one), and each change of it that it names.

    Says how long it takes, the time between batches and how many a year, the bottleneck and the next one, how much each
    resource is used and what is waited for, how often each hold limit is broken, peaks of utilities, lacking materials,
    and whether the forecast is met and by what not; with 95 % confidence intervals over seeded replications. Changes
    are compared with the same random numbers.

    Exits 1 where a takt, a hold limit, a planned end, a forecast or the capacity of a site is missed, or it cannot run.
    """
    from ttpack.analysis.simulation.answer import digest, to_do, to_json
    from ttpack.analysis.simulation.study import replications_to_do, simulate
    from ttpack.cli.executors import executor
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.cli.progress import progress
    from ttpack.views.campaign_simulation import simulation_page

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    campaign = _campaign(package, campaign_id)
    what_ifs = _what_ifs(campaign, wanted)
    total = replications_to_do(campaign, replications, len(what_ifs))
    with executor(workers, threads=threads, dask=dask) as by, progress(f"{campaign.id}", total) as advance:
        study = simulate(
            package, campaign, replications=replications, seed=seed, what_ifs=what_ifs, executor=by, advance=advance
        )
    revised = {"name": tree.revision.name, "commit": tree.revision.commit}
    head = {"package": package.manifest.id, "revision": revised, "as_of": date.isoformat(), "engine": engine()}
    whole = lambda: head | to_json(study) | {"digest": digest(study)}  # noqa: E731  made only when it is shown
    emit(whole, lambda: simulation_page(package, campaign, study), output)
    return TO_DO if tells_unread(loaded) or to_do(study) else 0


def engine() -> dict[str, Any]:
    """The versions that a figure of a simulation rests on."""
    from importlib.metadata import version

    from ttpack import __version__

    return {"ttpack": __version__, **{name: version(name) for name in ("numpy", "scipy", "simpy")}}


def _campaign(package: "Package", asked: str | None) -> "Campaign":
    """The campaign asked for, or the only one. Raises UsageError that names those there are."""
    from ttpack.model.campaign import Campaign

    known = {one.id: one for one in package.in_force(Campaign)}
    listed = ", ".join(list(known)[:20]) or "none"
    if asked is not None:
        if asked not in known:
            raise UsageError(f"there is no campaign {asked[:60]!r}; campaigns are {listed}")
        return known[asked]
    if len(known) != 1:
        raise UsageError("the package records no campaign" if not known else f"say which campaign: {listed}")
    return next(iter(known.values()))


def _what_ifs(campaign: "Campaign", wanted: tuple[str, ...]) -> "tuple[WhatIf, ...]":
    known = {one.name: one for one in campaign.what_ifs}
    if not wanted or ALL in wanted:
        return tuple(known.values())
    if wanted == (NONE,):
        return ()
    for name in wanted:
        if name not in known:
            listed = ", ".join(list(known)[:20]) or "none"
            raise UsageError(f"{campaign.id} names no change {name[:60]!r}; they are {listed}")
    return tuple(known[name] for name in dict.fromkeys(wanted))
