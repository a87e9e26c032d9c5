"""The unit catalogue as data: every factor is an exact fraction of units defined before it.

Sources: UCUM 2.2 for codes; SI Brochure (9th edition, 2019) and NIST SP 811 (2008) for factors, exact by
definition except where a comment says measured. Differences from UCUM, all deliberate:

- arbitrary units (pH, international, endotoxin and colony forming units, optical density, cells, column
  volumes, percent of something) are dimensions of their own; UCUM makes most of them the number 1;
- `m[Hg]` is the conventional 133.322387415 Pa per mm (NIST), which UCUM rounds to 133.322;
- `osm` is not a mole: osmolality counts dissolved particles of unknown kinds;
- `EU` is the endotoxin unit; UCUM's `[EU]` is the Ehrlich unit and is refused.
"""

from typing import Final

PREFIXES: Final[dict[str, int]] = {
    "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
    "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
}  # fmt: skip
"""Powers of ten of the metric prefixes."""

BASE_UNITS: Final[dict[str, str]] = {
    "m": "length",
    "g": "mass",
    "s": "time",
    "K": "temperature difference",
    "mol": "amount of substance",
    "A": "electric current",
    "osm": "osmoles",
    "deg": "plane angle",
    "U": "enzyme activity",
    "[pH]": "pH",
    "[IU]": "international units",
    "[CFU]": "colony forming units",
    "[PFU]": "plaque forming units",
    "[TCID_50]": "tissue culture infective doses",
    "[NTU]": "nephelometric turbidity",
    "[FNU]": "formazin turbidity",
    "[FTU]": "formazin turbidity units",
}
"""Units that are measured by nothing but themselves, and the dimension of each."""

DEFINED_UNITS: Final[dict[str, tuple[str, str]]] = {
    # one and parts of one
    "%": ("1/100", "1"),
    "[ppth]": ("1/1000", "1"),
    "[ppm]": ("1/1000000", "1"),
    "[ppb]": ("1/1000000000", "1"),
    "[pptr]": ("1/1000000000000", "1"),
    # time: UCUM's mean Julian year and a twelfth of it
    "min": ("60", "s"),
    "h": ("60", "min"),
    "d": ("24", "h"),
    "wk": ("7", "d"),
    "a": ("1461/4", "d"),
    "mo": ("487/16", "d"),
    "Hz": ("1", "/s"),
    # temperature as a difference; a lone Cel or [degF] is a temperature (TEMPERATURES)
    "Cel": ("1", "K"),
    "[degF]": ("5/9", "K"),
    # volume, amount, mass
    "L": ("1", "dm3"),
    "l": ("1", "dm3"),
    "M": ("1", "mol/L"),
    "t": ("1000000", "g"),
    "u": ("1.66053906892/1000000000000000000000000", "g"),  # measured: CODATA 2022
    "[lb_av]": ("453.59237", "g"),
    "[oz_av]": ("1/16", "[lb_av]"),
    # length and volume, international inch
    "[in_i]": ("2.54", "cm"),
    "[ft_i]": ("12", "[in_i]"),
    "[gal_us]": ("231", "[in_i]3"),
    # mechanics
    "[g]": ("9.80665", "m/s2"),
    "N": ("1", "kg.m/s2"),
    "[lbf_av]": ("1", "[lb_av].[g]"),
    "Pa": ("1", "N/m2"),
    "bar": ("100000", "Pa"),
    "atm": ("101325", "Pa"),
    "m[Hg]": ("133322.387415", "Pa"),
    "m[H2O]": ("9806.65", "Pa"),
    "[psi]": ("1", "[lbf_av]/[in_i]2"),
    "J": ("1", "N.m"),
    "W": ("1", "J/s"),
    "P": ("1/10", "Pa.s"),
    "St": ("1/10000", "m2/s"),
    # electricity, dose
    "V": ("1", "W/A"),
    "Ohm": ("1", "V/A"),
    "S": ("1", "A/V"),
    "Gy": ("1", "J/kg"),
}
"""Units by exact factor and the unit it multiplies."""

METRIC: Final = frozenset({
    "m", "g", "s", "K", "mol", "A", "osm", "U", "Hz", "L", "l", "M", "t", "u", "N", "Pa", "bar", "m[Hg]", "m[H2O]",
    "J", "W", "P", "St", "V", "Ohm", "S", "Gy", "[IU]", "[PFU]", "[CFU]",
})  # fmt: skip
"""Units that take a prefix. `Cel` does not: nobody measures a process in millidegrees Celsius."""

TEMPERATURES: Final[dict[str, tuple[str, str]]] = {
    "Cel": ("1", "273.15"),
    "[degF]": ("5/9", "45967/180"),
    "K{abs}": ("1", "0"),
}
"""Temperatures (not differences): factor and offset to absolute kelvin."""

COUNTS: Final[dict[str, str]] = {
    "cell": "cells", "cells": "cells", "viable cells": "cells", "VC": "cells",
    "CV": "column volumes", "DV": "diavolumes", "X": "medium strengths (X)",
    "OD": "optical density", "AU": "absorbance units", "EU": "endotoxin units",
    "cycle": "cycles", "cycles": "cycles", "ratio": "ratios", "log10": "log10 reductions",
    "unit": "units filled", "units": "units filled",
    "particle": "particles", "particles": "particles", "copies": "copies", "vg": "vector genomes",
    "doubling": "population doublings", "doublings": "population doublings", "PDL": "population doublings",
    "passage": "passages", "passages": "passages", "score": "score", "pass/fail": "pass or fail",
}  # fmt: skip
"""Listed annotations that count something, and the dimension each counts."""

PLAIN_COUNTS: Final = frozenset({"rev", "count", "#", "impellers", "baffles"})
"""Annotations that stay the number 1: what formulas divide by."""

COUNT_FACTORS: Final[dict[str, tuple[str, str]]] = {
    "rpm": ("1", "/min"),
    "mAU": ("1/1000", "{AU}"),
    "vvm": ("1", "{gas volumes}/min"),
}
"""Annotations of ours that stand for more than a count of one."""

QUALIFIERS: Final[dict[str, str]] = {"resin": "of resin", "gauge": "over ambient"}
"""Annotations that make another dimension of the unit that carries them."""

PERCENT_OF: Final[dict[str, str]] = {
    "sat": "saturation", "saturation": "saturation", "target": "target", "wv": "working volume",
    "working volume": "working volume", "reference": "reference", "ref": "reference", "RH": "relative humidity",
    "removed": "what was removed", "CO2": "carbon dioxide in gas", "O2": "oxygen in gas",
}  # fmt: skip
"""What `%{...}` is a percentage of; other words in the braces stand for themselves."""

ATOM_ALIASES: Final[dict[str, str]] = {
    "degC": "Cel", "°C": "Cel", "degF": "[degF]", "°F": "[degF]", "pH": "[pH]", "ratio": "{ratio}",
    "day": "d", "days": "d", "week": "wk", "weeks": "wk", "month": "mo", "months": "mo", "year": "a", "years": "a",
    "cell": "{cell}", "cells": "{cells}", "cycle": "{cycle}", "cycles": "{cycles}", "CV": "{CV}", "DV": "{DV}",
    "OD": "{OD}", "AU": "{AU}", "mAU": "{mAU}", "X": "{X}", "EU": "{EU}", "IU": "[IU]", "mIU": "m[IU]", "kIU": "k[IU]",
    "CFU": "[CFU]",
    "PFU": "[PFU]", "NTU": "[NTU]", "FNU": "[FNU]", "rpm": "{rpm}", "vvm": "{vvm}",
    "units": "{units}", "LRV": "{log10}", "[LRV]": "{log10}", "mmHg": "mm[Hg]", "psi": "[psi]",
    "psig": "[psi]{gauge}", "barg": "bar{gauge}", "mbarg": "mbar{gauge}", "kPag": "kPa{gauge}",
    "lbf": "[lbf_av]", "lb": "[lb_av]", "inch": "[in_i]", "ppm": "[ppm]", "ppb": "[ppb]",
    "Da": "u", "kDa": "ku", "MDa": "Mu", "Osm": "osm", "mOsm": "mosm", "mOsmol": "mosm",
}  # fmt: skip
"""Names that may stand for a unit anywhere in a code."""

TEXT_ALIASES: Final[dict[str, str]] = {
    "": "1", "-": "1", "LMH": "L/m2/h", "SLPM": "L{gas}/min", "log10": "{log10}", "{LRV}": "{log10}",
    "LRV": "{log10}", "{PDL}": "{doublings}", "pass/fail": "{pass/fail}", "TCID50": "[TCID_50]",
    "TCID50/mL": "[TCID_50]/mL", "xg": "[g]", "x g": "[g]", "×g": "[g]",
    "% sat": "%{sat}", "%sat": "%{sat}", "% saturation": "%{sat}", "% air saturation": "%{sat}", "% DO": "%{sat}",
    "% of target": "%{target}", "% target": "%{target}", "% working volume": "%{wv}", "% WV": "%{wv}",
    "% of reference": "%{reference}", "% reference": "%{reference}", "% removed": "%{removed}",
    "% RH": "%{RH}", "%RH": "%{RH}", "% w/v": "%{w/v}", "% v/v": "%{v/v}", "% w/w": "%{w/w}",
    "g/L resin": "g/L{resin}", "mg/mL resin": "mg/mL{resin}", "OD ascending": "{OD}", "OD descending": "{OD}",
    "CFU/100.mL": "[CFU]/(100.mL)", "CFU/100 mL": "[CFU]/(100.mL)", "CFU/100mL": "[CFU]/(100.mL)",
}  # fmt: skip
"""Whole unit texts as people and published tables write them."""

HINTS: Final[dict[str, str]] = {
    "[EU]": "in UCUM [EU] is the Ehrlich unit; write EU for the endotoxin unit",
    "C": "in UCUM C is the coulomb; write Cel for degrees Celsius",
    "F": "in UCUM F is the farad; write [degF] for degrees Fahrenheit",
    "hr": "write h", "hrs": "write h", "hour": "write h", "hours": "write h", "mins": "write min",
    "minute": "write min", "minutes": "write min", "sec": "write s", "secs": "write s", "seconds": "write s",
    "ml": "write mL", "liter": "write L", "litre": "write L", "percent": "write %", "gal": "write [gal_us]",
    "AU/cm": "write {AU}/cm", "mcg": "write ug", "cc": "write mL", "RPM": "write rpm", "PSI": "write psi",
    "PH": "write [pH]", "ph": "write [pH]", "Kg": "write kg", "KG": "write kg", "cfu": "write CFU",
    "ft": "write [ft_i]",
    "in": "write [in_i]",
}  # fmt: skip
"""What people write that is not a code, and what they meant."""

WORDS: Final[dict[str, str]] = {
    "1": "a plain number", "%{sat}": "a percentage of saturation", "[pH]": "a pH", "Cel": "a temperature",
    "K": "a temperature difference", "Pa": "a pressure", "Pa{gauge}": "a gauge pressure", "s": "a time",
    "/s": "a rate (per time)", "m": "a length", "m2": "an area", "L": "a volume", "g": "a mass", "mol": "an amount",
    "m/s": "a velocity or flux", "m2/s": "a diffusivity or kinematic viscosity", "Pa.s": "a dynamic viscosity",
    "L/h": "a volume flow", "g/h": "a mass flow", "g/L": "a concentration by mass",
    "mol/L": "a concentration by amount",
    "mol/L/h": "a rate of concentration by amount", "g/L{resin}": "a mass per volume of resin",
    "g/m2": "a mass per area", "{cells}/mL": "a density of cells", "{cells}.d/mL": "an integral of cell density",
    "pg/{cell}/d": "a mass per cell and time", "mol/{cell}/h": "an amount per cell and time", "W": "a power",
    "W/m3": "a power per volume", "W/kg": "a power per mass", "N": "a force", "J": "an energy",
    "osm/kg": "an osmolality",
    "S/cm": "a conductivity", "{EU}/mL": "an endotoxin concentration", "[CFU]/mL": "a bioburden concentration",
    "[IU]/mL": "an activity concentration", "m/s2": "an acceleration", "{vvm}": "a gas flow per volume of liquid",
    "{units}/min": "a rate of units filled", "%{RH}": "a relative humidity",
    "{OD}": "an optical density", "{AU}": "an absorbance", "[NTU]": "a turbidity", "[FNU]": "a turbidity",
    "{X}": "a medium strength", "{log10}": "a log10 reduction", "{ratio}": "a ratio", "{score}": "a score",
    "{pass/fail}": "a pass or fail result", "Gy": "an absorbed dose", "K/s": "a rate of temperature change",
    "g/L/h": "a rate of concentration by mass", "U/mL": "an enzyme activity concentration", "V": "a voltage",
    "[IU]/mg": "a specific activity", "{EU}/mg": "an endotoxin content", "A": "an electric current",
}  # fmt: skip
"""What a unit of each dimension measures, in the field's words."""
