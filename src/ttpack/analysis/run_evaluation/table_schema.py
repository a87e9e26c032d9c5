"""The schema of the data of a run for other programs: a Data Package with a Table Schema (Frictionless, version 1)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ttpack.analysis.run_evaluation.signals import described
from ttpack.model.execution import Run, RunData
from ttpack.model.package import Package

DELIMITERS: Final = {"tab": "\t"}


def data_package(package: Package, run: Run, headers: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The Data Package of a run; `headers` gives the columns of each file, where it could be read."""
    return {
        "profile": "tabular-data-package",
        "name": run.id.casefold(),
        "title": run.name,
        "resources": [_resource(package, run, one, headers.get(one.file, ())) for one in run.data],
    }


def _resource(package: Package, run: Run, data: RunData, header: Sequence[str]) -> dict[str, Any]:
    names = list(header) or [*filter(None, (data.time_column, data.batch_column)), *(one.name for one in data.columns)]
    schema: dict[str, Any] = {"fields": [_field(package, run, data, name, names[0]) for name in names]}
    schema["missingValues"] = [""]
    digest = next((one.digest for one in run.attachments if one.file == data.file), None)
    found: dict[str, Any] = {
        "profile": "tabular-data-resource",
        "name": data.file.rpartition("/")[2].casefold(),
        "path": data.file,
        "scheme": "file",
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": DELIMITERS.get(data.delimiter or ",", data.delimiter or ",")},
        "schema": schema,
    }
    return found | ({"hash": f"sha256:{digest}"} if digest else {})


def _field(package: Package, run: Run, data: RunData, name: str, first: str) -> dict[str, Any]:
    long = data.layout == "long"
    batches = data.data_kind == "batch"
    if name == (data.batch_column or first) and batches:
        return {"name": name, "type": "string", "constraints": {"required": True}}
    if name == (data.time_column or first) and not batches:
        kind = {"type": "number"} if data.time_unit else {"type": "datetime", "format": "any"}
        unit = {"unit": data.time_unit} if data.time_unit else {}
        # A time repeats in a long file, once for each signal.
        return {"name": name, **kind, **unit, "constraints": {"required": True} | ({} if long else {"unique": True})}
    if long and name == (data.value_column or "value"):
        return {"name": name, **_number(data)}
    if long and name in {data.signal_column or "signal", data.unit_column}:
        return {"name": name, "type": "string"}
    what = described(package, run, data).get(name)
    if what is None:
        return {"name": name, "type": "any"}
    about = what.parameter or what.attribute or ""
    found = {"name": name, "title": package.label(about), **_number(data), "record": about}
    return found | ({"unit": what.unit} if what.unit else {})


def _number(data: RunData) -> dict[str, Any]:
    return {"type": "number", **({"decimalChar": ","} if data.decimal_mark == "," else {})}
