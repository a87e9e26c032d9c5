"""Units: what is readable, what converts exactly, what is refused, and agreement with pint's own catalogue."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.model import documents as record
from ttpack.model import unit_table
from ttpack.model.units import (
    IncompatibleUnits,
    UnitDefinition,
    UnitError,
    UnknownUnit,
    ValueOutOfReach,
    convert,
    decimal_text,
    describe_dimension,
    equal_quantities,
    exact,
    own_units,
    parse_unit,
    same_dimension,
    to_base,
    unit_symbol,
)

PSI = Fraction("0.45359237") * Fraction("9.80665") / Fraction("0.0254") ** 2

CONVERSIONS = [
    (30, "min", "1/2", "h"),
    (1, "d", "24", "h"),
    (17, "day", "408", "h"),
    (2, "wk", "14", "d"),
    (1, "a", "12", "mo"),
    (37, "Cel", "98.6", "[degF]"),
    (-40, "Cel", "-40", "degF"),
    (32, "[degF]", "0", "°C"),
    (0, "Cel", "273.15", "K{abs}"),
    (9, "[degF]{diff}", "5", "K"),
    (5, "Cel{diff}", "5", "K"),
    (60, "Cel/h", "1", "K/min"),
    (1, "psi", str(PSI), "Pa"),
    (1, "mmHg", "133.322387415", "Pa"),
    (1, "atm", "101.325", "kPa"),
    (1, "bar", "100", "kPa"),
    (30, "psig", str(30 * PSI / 100000), "bar{gauge}"),
    (1, "barg", "1000", "mbarg"),
    (1, "lbf", "4.4482216152605", "N"),
    (40, "LMH", "40", "L/(m2.h)"),
    (36, "L/m2/h", "1/100000", "m/s"),
    (300, "cm/h", "5", "cm/min"),
    (1, "g/L", "1", "mg/mL"),
    (1, "mg/mL{resin}", "1", "g/L{resin}"),
    (100, "ppm", "100", "ng/mg"),
    (1, "%", "10000", "[ppm]"),
    (1, "g/g", "100", "%"),
    (5, "mS/cm", "1/2", "S/m"),
    (400, "mOsm/kg", "2/5", "osm/kg"),
    (1, "mmol/L/h", "1/3600", "mol/m3/s"),
    (3, "mM", "3000", "umol/L"),
    (1, "1e6 cells/mL", "1000000", "{cells}/mL"),
    (1, "10*6/mL", "10", "1e5 cells/mL"),
    (1, "10*9{cells}/L", "1", "10*6{cells}/mL"),
    (1, "1e6 cells.day/mL", "24", "10*6{cells}.h/mL"),
    (24, "pg/cell/day", "1", "pg/{cell}/h"),
    (1, "pmol/{cell}/h", "1/1000000000000", "mol/{cell}/h"),
    (100, "rpm", "5/3", "1/s"),
    (1, "rpm", "1", "/min"),
    (60, "{rev}/min", "1", "Hz"),
    (1, "mPa.s", "1", "cP"),
    (1, "m2/s", "1000000", "cSt"),
    (1, "W/m3", "1/1000", "kW/m3"),
    (2, "W", "2", "kg.m2/s3"),
    (10, "CFU/100.mL", "1/10", "CFU/mL"),
    (1, "kDa", "1000", "u"),
    (2500, "mAU", "5/2", "AU"),
    (1, "1e-3 m/s", "1", "mm/s"),
    (1, "10*3.L", "1", "m3"),
    (1, "µm", "1/1000000", "m"),
    (1, "m³", "1000", "L"),
    (1, "[gal_us]", "3.785411784", "L"),
    (1, "[g]", "9.80665", "m/s2"),
    (1, "mm[H2O]", "9.80665", "Pa"),
    (1, "/cm2", "10000", "m-2"),
    (50, "", "5000", "%"),
]

REFUSED = [
    ("[pH]", "1"),
    ("[pH]", "%"),
    ("%", "%{sat}"),
    ("%{sat}", "%{target}"),
    ("%{target}", "%{wv}"),
    ("%{w/v}", "%{v/v}"),
    ("Cel", "K"),
    ("Cel", "Cel{diff}"),
    ("psi", "psig"),
    ("bar", "bar{gauge}"),
    ("g/L", "g/L{resin}"),
    ("EU/mL", "IU/mL"),
    ("EU/mL", "CFU/mL"),
    ("{cells}/mL", "CFU/mL"),
    ("{cells}", "1"),
    ("OD", "AU"),
    ("OD", "1"),
    ("CV", "L"),
    ("X", "1"),
    ("{cycle}", "1"),
    ("ratio", "1"),
    ("LRV", "1"),
    ("mOsm/kg", "mmol/kg"),
    ("NTU", "1"),
    ("vvm", "1/min"),
    ("{units}/min", "rpm"),
    ("{vial}", "{tray}"),
    ("{tray}", "1"),
    ("{length}", "m"),
    ("mg", "mL"),
    ("U", "IU"),
]

AMAB_UNITS = """
degC;pH;mmHg;day;mOsm/kg;g/L;% sat;1e6 cells/mL;X;% working volume;ppm;1e5 cells/mL;ratio;%;g/L resin;cm/h;CV;cycles;
cm;% of target;OD;min;mS/cm;OD descending;OD ascending;L/m2;pass/fail;ng/mg;L;-;rpm;vvm;W/m3;1e-3 m/s;1/h;s;LRV;h;
1e6 cells.day/mL;pg/cell/day;1e6/mL;% WV;NTU;EU/mL;mg/mL;CFU/mL;CFU/100 mL;mm;psig;lbf;{units}/min;log10;% of reference;
1/s;W;m/s;m;m2;% removed;L/m2/h;%{sat};[pH];10*6{cells}/mL;g/L{resin};m2/s;mmol/{cell}/h
""".replace("\n", "").split(";")

UNREADABLE = [
    ("[EU]", "Ehrlich"),
    ("[EU]/mL", "Ehrlich"),
    ("C", "Cel"),
    ("hr", "write h"),
    ("mmhg", "mmHg"),
    ("Ph", "pH"),
    ("L/m2.h", "parentheses"),
    ("CFU/100.g", "parentheses"),
    ("L / h", "no spaces"),
    ("(filter specific)", "remark"),
    ("(unit not printed)", "remark"),
    ("(Cel)", "Cel{diff}"),
    ("10*3.Cel", "Cel{diff}"),
    ("250", "number"),
    ("m.", "ends too early"),
    ("/", "ends too early"),
    ("m//s", "not UCUM"),
    ("(m", "not closed"),
    ("m)", "never opened"),
    ("mL{a}{b}", "needs a . or /"),
    ("{}", ""),
    ("%{}", "empty"),
    ("{ }", ""),
    ("1e6 " + "m" * 60, "64 characters"),
    ("m0", "exponents"),
    ("m99", "exponents"),
    ("10*99", "exponents"),
    ("1e999", "exponents"),
    ("1234567", "number"),
    ("m.1234567", "not UCUM"),
    ("{cells}2", "needs a . or /"),
    ("cells2", "no exponent"),
    ("((((((m))))))", "too many"),
    ("m\x00", "needs a . or /"),
    ("m\nL", "needs a . or /"),
    ("ＭＰa", ""),
    ("__import__('os')", ""),
    ("zzzzzzzzzzzzzzzzzzzz", "neither UCUM nor"),
    ("m" * 65, "64 characters"),
    ("(" * 64, "too many"),
    ("9" * 10_000_000, "64 characters"),
]

ROUND_TRIP = [
    ["Cel", "[degF]", "K{abs}"],
    ["s", "min", "h", "d", "wk", "mo", "a"],
    ["Pa", "kPa", "bar", "psi", "mmHg", "atm"],
    ["L/m2/h", "cm/h", "m/s"],
    ["g/L", "mg/mL", "kg/m3", "[lb_av]/[gal_us]"],
    ["10*6{cells}/mL", "{cells}/L", "1e5 cells/mL"],
    ["%", "1", "ppm", "ng/mg"],
]

numbers = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e12", max_value="1e12"),
    st.integers(-(10**12), 10**12),
    st.fractions(max_denominator=10**6),
)


@pytest.mark.parametrize(("value", "unit", "expected", "other"), CONVERSIONS)
def test_conversions_are_exact_both_ways(value, unit, expected, other):
    first, second = parse_unit(unit), parse_unit(other)
    assert convert(value, first, second) == Fraction(expected)
    assert convert(Fraction(expected), second, first) == value
    assert equal_quantities(value, first, Fraction(expected), second)


@pytest.mark.parametrize(("unit", "other"), REFUSED)
def test_what_measures_something_else_is_never_converted(unit, other):
    first, second = parse_unit(unit), parse_unit(other)
    assert not same_dimension(first, second)
    assert not equal_quantities(1, first, 1, second)
    with pytest.raises(IncompatibleUnits, match="cannot be converted"):
        convert(1, first, second)


@pytest.mark.parametrize("text", AMAB_UNITS)
def test_every_unit_of_the_published_tables_is_readable_and_has_a_canonical_code(text):
    unit = parse_unit(text)
    assert parse_unit(unit.code) == unit
    assert describe_dimension(unit)


@pytest.mark.parametrize(("text", "hint"), UNREADABLE)
def test_what_is_no_unit_is_refused_with_a_hint(text, hint):
    with pytest.raises(UnknownUnit) as caught:
        parse_unit(text)
    assert hint in caught.value.hint
    assert caught.value.text == text
    assert len(str(caught.value)) < 300


def test_the_psi_is_the_product_of_its_definition():
    assert decimal_text(convert(1, parse_unit("psi"), parse_unit("Pa")), 13) == "6894.757293168"


@pytest.mark.parametrize("names", [unit_table.ATOM_ALIASES, unit_table.TEXT_ALIASES, unit_table.WORDS])
def test_every_listed_name_is_readable(names):
    for name in names:
        unit = parse_unit(name)
        assert parse_unit(unit.code) == unit
        assert unit.factor > 0


def test_no_name_means_two_things():
    known = {*unit_table.BASE_UNITS, *unit_table.DEFINED_UNITS, *unit_table.TEMPERATURES}
    assert not known & set(unit_table.ATOM_ALIASES)
    assert not set(unit_table.HINTS) & (known | set(unit_table.ATOM_ALIASES) | set(unit_table.TEXT_ALIASES))
    prefixed = {f"{prefix}{unit}" for prefix in unit_table.PREFIXES for unit in unit_table.METRIC}
    assert prefixed & {*known, *unit_table.ATOM_ALIASES} == {"EU"}
    assert parse_unit("EU").code == "{EU}", "the endotoxin unit, never the exa-enzyme-unit"


@pytest.mark.parametrize("units", ROUND_TRIP)
@given(value=numbers, data=st.data())
def test_there_and_back_and_through_a_third_is_the_same_value(units, value, data):
    first, second, third = (parse_unit(data.draw(st.sampled_from(units))) for _ in range(3))
    there = convert(value, first, second)
    assert convert(there, second, first) == exact(value)
    assert convert(there, second, third) == convert(value, first, third)


@given(text=st.one_of(st.text(max_size=80), st.text(alphabet="mLghdCel%{}[]()./*10-+ e", max_size=70)))
def test_any_text_is_a_unit_or_refused(text):
    try:
        unit = parse_unit(text)
    except UnknownUnit:
        return
    assert parse_unit(unit.code).dimension == unit.dimension
    assert to_base(1, unit) == unit.factor + unit.offset


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e999999999"), Decimal("1e-999999999"), 10**400]
)
def test_numbers_beyond_reach_are_refused_before_they_cost_anything(value):
    with pytest.raises(ValueOutOfReach):
        convert(value, parse_unit("min"), parse_unit("h"))


@pytest.mark.parametrize("value", [0.5, True, "1"])
def test_only_exact_numbers_are_quantities(value):
    with pytest.raises(TypeError):
        exact(value)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("1/3", 6, "0.333333"), ("2/3", 3, "0.667"), ("1/2", 6, "0.5"), ("0", 6, "0"), ("25/10", 1, "2"),
        ("35/10", 1, "4"), ("-5/7", 6, "-0.714286"), ("100", 2, "100"), ("123456789", 6, "123457000"),
        ("1/10000000000000", 6, "1e-13"), ("100000000000000000000", 6, "1e20"), ("1/1000000", 3, "0.000001"),
    ],
)  # fmt: skip
def test_display_rounds_once_half_to_even(value, digits, text):
    assert decimal_text(Fraction(value), digits) == text


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("Cel", "°C"), ("%{sat}", "% saturation"), ("10*6{cells}/mL", "10⁶ cells/mL"), ("LMH", "L/m²/h"), ("1", ""),
        ("g/L resin", "g/L resin"), ("mmHg", "mmHg"), ("psig", "psig"), ("mOsm/kg", "mOsm/kg"),
        ("{units}/min", "units/min"),
        ("uS/cm", "µS/cm"), ("kDa", "kDa"), ("W/m3", "W/m³"), ("mPa.s", "mPa·s"), ("CFU/100 mL", "CFU/(100·mL)"),
        ("/mL-1", "/mL⁻¹"), ("Cel/min", "°C/min"), ("%{CO2}", "% CO2"),
    ],
)  # fmt: skip
def test_units_are_printed_as_the_field_writes_them(text, symbol):
    assert unit_symbol(parse_unit(text).code) == symbol


def test_a_package_declares_units_of_its_own():
    own, problems = own_units(
        [
            UnitDefinition("{bag}", aliases=("bag", "bags")),
            UnitDefinition("pallet", factor=40, base_unit="bag"),
            UnitDefinition("SU", factor=Decimal("2.5"), base_unit="g/L"),
            UnitDefinition("mild", dimension="spice"),
            UnitDefinition("hot", dimension="spice", factor=10),
        ]
    )
    assert problems == []
    assert convert(2, parse_unit("pallet/d", own), parse_unit("bags/d", own)) == 80
    assert convert(2, parse_unit("SU", own), parse_unit("g/L", own)) == 5
    assert convert(1, parse_unit("hot", own), parse_unit("mild", own)) == 10
    assert not same_dimension(parse_unit("bag", own), parse_unit("mild", own))
    assert not same_dimension(parse_unit("bag", own), parse_unit("1", own))
    assert describe_dimension(parse_unit("bag", own)) == "a number of {bag}"
    assert parse_unit("mL", own) == parse_unit("mL")
    with pytest.raises(UnknownUnit, match="neither UCUM"):
        parse_unit("pallet/zzzzzzzzzzzz", own)
    with pytest.raises(UnknownUnit):
        parse_unit("pallet")


def test_declaring_what_the_catalogue_knows_is_no_mistake():
    own, problems = own_units(
        [
            UnitDefinition("X", aliases=("fold", "{X}")),
            UnitDefinition("%{target}"),
            UnitDefinition("vvm"),
            UnitDefinition("LMH", aliases=("lmh",), factor=1, base_unit="L/m2/h"),
            UnitDefinition("{vial}", aliases=("vial", "{vials}"), dimension="vials"),
        ]
    )
    assert problems == []
    assert parse_unit("X", own) == parse_unit("X")
    assert convert(2, parse_unit("fold", own), parse_unit("X")) == 2
    assert convert(2, parse_unit("lmh", own), parse_unit("L/m2/h")) == 2
    assert same_dimension(parse_unit("{vials}/h", own), parse_unit("vial/min", own))


@pytest.mark.parametrize(
    ("definitions", "reason"),
    [
        ([UnitDefinition("mL")], "already a volume"),
        ([UnitDefinition("{cells}", base_unit="g")], "already a number of cells"),
        ([UnitDefinition("one_", aliases=("EU",), base_unit="g")], "already a number of endotoxin units"),
        ([UnitDefinition("X", aliases=("CV",))], "already a number of column volumes"),
        ([UnitDefinition("LMH", factor=2, base_unit="L/m2/h")], "already a velocity or flux"),
        ([UnitDefinition(" ")], "1 to 64 characters"),
        ([UnitDefinition("qq" * 40)], "1 to 64 characters"),
        ([UnitDefinition("qq"), UnitDefinition("rr", aliases=("qq",))], "defined twice"),
        ([UnitDefinition("qq", factor=0, base_unit="g")], "more than zero"),
        ([UnitDefinition("qq", factor=Decimal("NaN"), base_unit="g")], "more than zero"),
        ([UnitDefinition("X", factor=Decimal("NaN"), base_unit="g")], "already"),
        ([UnitDefinition("qq", base_unit="Cel")], "temperature"),
        ([UnitDefinition("qq", base_unit="nosuchunit")], "not a known unit"),
        ([UnitDefinition("qq", base_unit="rr"), UnitDefinition("rr", base_unit="qq")], "back to itself"),
        ([UnitDefinition("qq", base_unit="qq.m")], "back to itself"),
        (
            [UnitDefinition("qq", factor=Decimal("1e200"), base_unit="rr"), UnitDefinition("rr", factor=10**200)],
            "out of reach",
        ),
    ],
)
def test_own_units_that_cannot_be_are_left_out_with_the_reason(definitions, reason):
    own, problems = own_units(definitions)
    assert any(reason in problem for _, problem in problems)
    assert all(code not in own or reason == "defined twice" for code, _ in problems)


def test_own_units_cannot_exhaust_the_machine():
    chain = [UnitDefinition("x0_")] + [UnitDefinition(f"x{n}_", base_unit=f"x{n - 1}_") for n in range(1, 2000)]
    wide = [UnitDefinition(f"y{n}_", base_unit=".".join(f"y{m}_" for m in range(n + 1, n + 12))) for n in range(40)]
    powers = [UnitDefinition("p", factor=10)] + [
        UnitDefinition("p" * n, base_unit="p" * (n - 1) + "9") for n in range(2, 30)
    ]
    for definitions in (chain[:200], wide, powers):
        assert own_units(definitions)[1]


# pint's default registry is an independent catalogue, read here with fractions too.
PINT = {
    "s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "a": "year", "mo": "month", "L": "liter",
    "mL": "milliliter", "uL": "microliter", "[gal_us]": "gallon", "g": "gram", "t": "metric_ton", "[lb_av]": "pound",
    "[oz_av]": "ounce", "mol": "mole", "mM": "millimolar", "m": "meter", "um": "micrometer", "[in_i]": "inch",
    "[ft_i]": "foot", "m2": "meter**2", "m3": "meter**3", "Pa": "pascal", "bar": "bar", "mbar": "millibar",
    "atm": "standard_atmosphere", "mm[Hg]": "millimeter_Hg", "[psi]": "psi", "cm[H2O]": "centimeter_H2O",
    "N": "newton", "[lbf_av]": "pound_force", "[g]": "standard_gravity", "J": "joule", "W": "watt", "kW": "kilowatt",
    "P": "poise", "cP": "centipoise", "cSt": "centistokes", "V": "volt", "Ohm": "ohm", "S": "siemens", "A": "ampere",
    "Gy": "gray", "Hz": "1/second", "mS/cm": "millisiemens/centimeter", "g/L": "gram/liter", "%": "percent",
    "[ppm]": "ppm", "ng/mg": "nanogram/milligram", "L/m2/h": "liter/meter**2/hour", "cm/h": "centimeter/hour",
    "W/m3": "watt/meter**3", "mPa.s": "millipascal*second", "m2/s": "meter**2/second",
    "mmol/L/h": "millimole/liter/hour",
    "K": "delta_degree_Celsius", "[degF]{diff}": "delta_degree_Fahrenheit", "L.h/(m2.bar)": "liter*hour/meter**2/bar",
}  # fmt: skip


@pytest.fixture(scope="module")
def pint_registry():
    import pint

    return pint.UnitRegistry(non_int_type=Fraction)


@pytest.mark.parametrize("code", PINT)
def test_factors_agree_with_pint(code, pint_registry):
    unit = parse_unit(code)
    oracle = pint_registry.Quantity(Fraction(1), PINT[code]).to_base_units()
    # pint's base units are SI, ours grams
    mass = dict(unit.dimension).get("mass", 0)
    assert Fraction(oracle.magnitude) == unit.factor / Fraction(1000) ** mass
    names = {
        "length": "[length]", "mass": "[mass]", "time": "[time]", "amount of substance": "[substance]",
        "electric current": "[current]", "temperature difference": "[temperature]",
    }  # fmt: skip
    assert dict(oracle.dimensionality) == {names[name]: power for name, power in unit.dimension}


@given(value=st.fractions(min_value=-200, max_value=1000, max_denominator=1000))
def test_temperatures_agree_with_pint(value, pint_registry):
    oracle = pint_registry.Quantity(value, "degree_Celsius").to("degree_Fahrenheit").magnitude
    assert convert(value, parse_unit("Cel"), parse_unit("[degF]")) == Fraction(oracle)


def test_the_record_of_a_unit_is_a_definition():
    vial = record.UnitDefinition(kind="unit_definition", id="UNT-VIAL", code="{vial}", dimension="vials")
    tray = record.UnitDefinition(
        kind="unit_definition", id="UNT-TRAY", code="tray", base_unit="{vial}", factor=Decimal(20)
    )
    own, problems = own_units([tray, vial])
    assert problems == []
    assert convert(3, parse_unit("tray/min", own), parse_unit("{vial}/h", own)) == 3600


def test_unit_errors_are_one_family():
    assert issubclass(UnknownUnit, UnitError)
    assert issubclass(IncompatibleUnits, UnitError)
    assert issubclass(ValueOutOfReach, UnitError)
