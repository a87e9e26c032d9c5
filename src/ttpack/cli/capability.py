"""`ttpack capability`: how likely each quality attribute meets its criterion at a site, and what drives it."""

from typing import TYPE_CHECKING, Any

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.cli.executors import executor, executor_options
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.analysis.capability.region import Slice
    from ttpack.analysis.capability.study import CapabilityStudy
    from ttpack.model.package import Package
    from ttpack.model.parameter import DesignSpace

TO_DO = 1
RANGES = ("normal_operating", "proven_acceptable")
MOST_SAMPLES = 100_000_000
GREATEST_SEED = 2**63 - 1


@click.command("capability")
@click.argument("design_space", required=False, metavar="[DSP-ID]")
@click.option("--site", metavar="SITE", help="The site whose ranges are sampled (default: the first receiving site).")
@click.option(
    "--over", type=click.Choice(RANGES), default=RANGES[0], show_default=True, help="The ranges that are sampled."
)
@click.option("--samples", type=click.IntRange(1, MOST_SAMPLES), default=100_000, show_default=True, metavar="N")
@click.option("--seed", type=click.IntRange(0, GREATEST_SEED), default=1, show_default=True, metavar="N")
@click.option(
    "--slice", "plane", metavar="X,Y", help="Two factors whose plane is drawn (default: those that drive most)."
)
@executor_options
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    design_space: str | None,
    *,
    site: str | None,
    over: Any,
    samples: int,
    seed: int,
    plane: str | None,
    workers: int | None,
    threads: bool,
    dask: str | None,
    path: str,
    revision: str | None,
    as_of: str | None,
    output: str,
) -> int:
    """Predict quality at SITE from the transfer functions of DSP-ID (default: the only design space in force).

    Each factor is drawn as its variation declares, else evenly over its range. Where a model records no uncertainty
    the mean is all that is known, and no probability is given; outside the range for which it holds there is no
    verdict. The box of proven acceptable ranges is compared with the design space at every corner and inside.

    Exits 1 where a limit is missed or the box reaches outside the design space, or something cannot be predicted.
    """
    from ttpack.analysis.capability.answer import capability_answer
    from ttpack.analysis.capability.choice import to_do
    from ttpack.analysis.capability.region import box_in_region
    from ttpack.analysis.capability.study import capability_study
    from ttpack.analysis.capability.transfer import transfer_model
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.cli.progress import progress
    from ttpack.views.capability import capability_page

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    record = _space(package, design_space)
    model = transfer_model(package, record, _site(package, site))
    with executor(workers, threads=threads, dask=dask) as pool, progress(f"{samples:,} samples"):
        found = capability_study(model, over, samples, seed, pool)
    box, drawn = box_in_region(model), _drawn(found, plane)
    revised = {"name": tree.revision.name, "commit": tree.revision.commit}
    head = {"package": package.manifest.id, "revision": revised, "as_of": date.isoformat(), "engine": _engine()}
    page = lambda: capability_page(package, record, found, box, drawn)  # noqa: E731  made only when it is shown
    emit(lambda: head | capability_answer(found, box, drawn), page, output)
    if tells_unread(loaded):
        return TO_DO
    return TO_DO if to_do(found, box) else 0


def _engine() -> dict[str, str]:
    """The versions that a figure of a prediction rests on."""
    from importlib.metadata import version

    from ttpack import __version__

    return {"ttpack": __version__, **{name: version(name) for name in ("numpy", "scipy")}}


def _drawn(found: "CapabilityStudy", asked: str | None) -> "Slice | None":
    """The plane asked for, else that of the two factors that drive most. Raises UsageError for one there is not."""
    from ttpack.analysis.capability.region import slice_of
    from ttpack.views.capability import driving

    chosen = _plane(asked) or driving(found)
    drawn = slice_of(found.model, *chosen) if chosen else None
    if isinstance(drawn, str):
        if asked is not None:
            raise UsageError(drawn)
        return None
    return drawn


def _plane(asked: str | None) -> tuple[str, str] | None:
    if asked is None:
        return None
    names = [name.strip() for name in asked.split(",")]
    if len(names) != 2 or not all(names):  # noqa: PLR2004  a plane has two axes
        raise UsageError("--slice takes two factors, as pH,T")
    return names[0], names[1]


def _space(package: "Package", asked: str | None) -> "DesignSpace":
    """The design space asked for. Raises UsageError that names those there are."""
    from ttpack.model.parameter import DesignSpace

    known = package.in_force(DesignSpace)
    listed = ", ".join(one.id for one in known[:20]) or "none"
    if asked is None:
        if len(known) == 1:
            return known[0]
        raise UsageError(f"say which design space; there are {listed}" if known else "the package has no design space")
    found = next((one for one in known if one.id.casefold() == asked.strip().casefold()), None)
    if found is None:
        raise UsageError(f"there is no design space {asked[:60]!r}; there are {listed}")
    return found


def _site(package: "Package", asked: str | None) -> str:
    from ttpack.model.facility import Site

    known = dict.fromkeys(
        (*package.receiving_sites, *package.sending_sites, *(one.id for one in package.in_force(Site)))
    )
    if asked is None and package.receiving_sites:
        return package.receiving_sites[0]
    if asked is None or asked not in known:
        raise UsageError(f"there is no site {(asked or '')[:60]!r}; sites are {', '.join(known) or 'none'}")
    return asked
