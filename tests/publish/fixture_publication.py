"""A publication made by hand that has every block, with the shapes and sizes of a real transfer package."""

from decimal import Decimal

from ttpack.views.blocks import (
    Approval,
    Block,
    Break,
    Bullets,
    Callout,
    Card,
    Cards,
    Cell,
    Chip,
    Code,
    Column,
    Facts,
    Flow,
    Link,
    Number,
    Page,
    Paragraph,
    Picture,
    Prose,
    Publication,
    Row,
    Section,
    Step,
    Strong,
    Table,
    Text,
    Tone,
    WebLink,
)
from ttpack.views.matrix import Influence, MatrixColumn, MatrixRow, influence_matrix, matrix_legend
from ttpack.views.range_bar import Band, Bracket, RangeBar, draw_range_bar, legend

D = Decimal
UNITS = (
    ("UO-01-SEED", "Seed expansion"),
    ("UO-03-BRX", "Production bioreactor"),
    ("UO-04-PA", "Protein A chromatography"),
    ("UO-05-VI", "Low-pH viral inactivation"),
    ("UO-06-CEX", "Cation exchange chromatography"),
    ("UO-07-AEX", "Anion exchange chromatography"),
    ("UO-08-VF", "Small-virus retentive filtration"),
)
ATTRIBUTES = (
    ("CQA-AGG", "Aggregate", "Aggregate (high molecular weight species)"),
    ("CQA-HCP", "HCP", "Host cell protein"),
    ("CQA-DNA", "DNA", "Residual host cell DNA"),
    ("CQA-AFUC", "Afucosylation", "Afucosylated glycans"),
    ("CQA-GAL", "Galactosylation", "Galactosylated glycans"),
    ("CQA-SIAL", "Sialylation", "Sialic acid content"),
    ("CQA-DEAM", "Deamidation", "Deamidated isoforms"),
    ("CQA-OXID", "Oxidation", "Oxidised methionine"),
    ("CQA-CLIP", "Fragmentation", "Clipped forms"),
    ("CQA-PA", "Protein A", "Leached Protein A"),
    ("CQA-VIRUS", "Viral safety", "Viral clearance"),
    ("CQA-BIO", "Bioburden", "Bioburden and endotoxin"),
    ("CQA-MTX", "Methotrexate", "Residual methotrexate"),
    ("CQA-CHARGE", "Charge variants", "Acidic and basic charge variants"),
)
NAMES = (
    "Culture pH",
    "Temperature",
    "Dissolved oxygen",
    "Dissolved CO₂",
    "Feed volume",
    "Culture duration",
    "Agitation",
    "Load",
    "Wash volume",
)
CLASSES: tuple[tuple[str, Tone], ...] = (("WC-CPP", "warning"), ("KPP", "key"), ("CPP", "critical"), ("GPP", "neutral"))
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> <iframe srcdoc='<script>alert(1)</script>'></iframe>\n\n"
    '[click](javascript:alert(1)) ![](../secret.png) <!-- hidden --> `#read("/etc/passwd")`{=typst} {{ config }}'
    " {% raw %}\n\n"
    '```{=typst}\n#read("/etc/passwd")\n```\n\n# Heading {#PRM-BRX-1 onclick=alert(1) style=position:fixed}\n\n'
    "--8<-- \"/etc/passwd\"\n\n<object data='x.svg'></object> "
    '<ttpack-picture name="00000000000000000000"></ttpack-picture>\n'
    "\n<!--/ttpack-->\n\n# Out {: onclick=alert(1) }\n"
)
PROSE = (
    "Culture pH drives **afucosylation** and, above 7.1, *aggregate* formation; see [Aggregate](ttpack:CQA-AGG) and "
    "[no such record](ttpack:CQA-NONE). The set point follows H~2~CO~3~ equilibrium at 10^9^ cells.\n\n"
    "- Control by CO~2~ sparge and base addition\n- Monitor offline twice a day\n  - and after each feed\n\n"
    "> An excursion below 6.75 for more than 4 h is reported.\n\n"
    "| Scale | pH drift |\n|---|--:|\n| 5,000 L | 0.05 |\n| 15,000 L | 0.08 |\n"
)


def _bar(index: int) -> Picture:
    low = D("6.60") + D(index) / 100
    bands = [Band("studied", low - D("0.20"), low + D("0.70")), Band("proven_acceptable", low, low + D("0.50"))]
    if index % 3 == 2:
        return draw_range_bar(RangeBar("Load", "g/L", None, (Band("proven_acceptable", None, D(40)),)))
    if index % 3 == 0:
        bands += [
            Band("normal_operating", low + D("0.15"), low + D("0.35")),
            Band("edge_of_failure", low - D("0.40"), low + D("0.90")),
        ]
    brackets = (Bracket("SITE-B", low + D("0.05"), low + D("0.45")),) if index % 2 else ()
    dots = (low + D("0.2"), low + D("0.3")) if index == 3 else ()
    return draw_range_bar(RangeBar(NAMES[index % 9], "pH", low + D("0.25"), tuple(bands), brackets, dots))


def _parameters(unit: str, count: int = 9) -> Table:
    columns = (
        Column("Parameter"),
        Column("Class"),
        Column("Setpoint", "decimal"),
        Column("Unit"),
        Column("Proven acceptable"),
        Column("Ranges"),
        Column("Why"),
    )
    rows = []
    for index in range(count):
        record = f"PRM-{unit.rsplit('-', maxsplit=1)[-1]}-{index}"
        label, tone = CLASSES[index % 4]
        cells: tuple[Cell, ...] = (
            (Link(record, record, NAMES[index]), Break(), Text(NAMES[index])),
            (Chip(label, tone),),
            (Number(("6.85", "35", "40.0", "12.125")[index % 4]),),
            (Text(("[pH]", "°C", "%{sat}", "g/L")[index % 4]),),
            (Number("6.60"), Text(" to "), Number("7.10")),
            _bar(index),
            (
                Text(
                    "Moves afucosylation and aggregate; the studied range is wider than the range of control."
                    if index % 2
                    else "Yield."
                ),
            ),
        )
        rows.append(Row(cells))
    return Table(columns, tuple(rows), "Parameters by criticality", filterable=True)


def _unit_page(number: int, unit: str, title: str) -> Page:
    sections = tuple(
        Section(
            NAMES[index],
            (
                Facts(
                    (
                        ("Setpoint", (Number("6.85", "pH"),)),
                        ("Normal operating range", (Number("6.75"), Text(" to "), Number("6.95"))),
                        (
                            "Moves",
                            (Link("CQA-AGG", "Aggregate"), Text(", "), Link("CQA-NONE", "Unpublished attribute")),
                        ),
                        (
                            "Source",
                            (
                                WebLink("https://example.org/a-mab", "A-Mab v2.1"),
                                Text(", Table 3.14"),
                                WebLink("javascript:alert(1)", " x"),
                            ),
                        ),
                    )
                ),
                _bar(index),
                Prose(PROSE if index == 0 else "Controlled by the automation recipe; alarm at the action limit."),
            ),
            anchor=f"PRM-{unit.rsplit('-', maxsplit=1)[-1]}-{index}",
            chips=(Chip(*CLASSES[index % 4]), Chip("approved", "good")),
        )
        for index in range(9)
    )
    blocks: tuple[Block, ...] = (
        Paragraph(
            (Text("Grows the culture to the density at which the "), Strong("harvest"), Text(" starts. "), Code(unit))
        ),
        legend(),
        _parameters(unit),
        Section("Parameters", sections),
        Section("Hold times", (Paragraph((Text("None."),)),)),
    )
    return Page(
        f"uo-0{number}", title, blocks, "Unit operations", "Purpose, parameters with their ranges, and evidence.", unit
    )


def _matrix_page() -> Page:
    columns = [MatrixColumn(*attribute) for attribute in ATTRIBUTES]
    rows = []
    for u, (unit, title) in enumerate(UNITS):
        for index in range(9):
            influences = {
                column.record: Influence(
                    ("increases", "decreases", "both")[(index + c) % 3], ("high", "medium", "low")[(u + c) % 3]
                )
                for c, column in enumerate(columns)
                if (index * 3 + c * 5 + u) % 4 == 0
            }
            rows.append(
                MatrixRow(
                    f"PRM-{unit.split('-')[-1]}-{index}",
                    NAMES[index],
                    title,
                    influences,
                    Chip(*CLASSES[index % 4]),
                    unit,
                )
            )
    attributes = Table(
        (Column("Attribute"), Column("Criticality", "decimal"), Column("Limit"), Column("Method")),
        tuple(
            Row(
                ((Link(r, r, t), Break(), Text(t)), (Number(str(i * 7.5)),), (Text("≤ 5 %"),), (Text("SEC-HPLC"),)),
                anchor=r,
            )
            for i, (r, _, t) in enumerate(ATTRIBUTES)
        ),
        "Quality attributes",
        filterable=True,
    )
    return Page(
        "quality",
        "Quality attributes",
        (
            attributes,
            Section(
                "Parameters and attributes",
                (
                    influence_matrix(rows, columns, "Influence of parameters on quality attributes"),
                    Paragraph((Text(matrix_legend()),)),
                ),
            ),
        ),
        "Quality",
    )


def _home() -> Page:
    blocks: tuple[Block, ...] = (
        Cards(
            (
                Card("Next gate", "G3 blocked", "SITE-B, five errors", "findings", "bad"),
                Card("Readiness", "72 %", "minimum 40 % (equipment)", "", "warning"),
                Card("Parameters", "61", "9 critical, 14 well controlled", "uo-02", "info"),
                Card("Open questions", "4", "none high", "", "good"),
            )
        ),
        Callout(
            "danger",
            "Five findings block gate G3 of SITE-B",
            (
                Bullets(
                    (
                        (
                            Link("PRM-BRX-0", "PRM-BRX-0"),
                            Text(": no evidence for the proven range. Owner: MSAT, SITE-A"),
                        ),
                        (Text("Two more."),),
                    )
                ),
            ),
        ),
        Callout(
            "note",
            "Not computable here",
            (Paragraph((Text("Mixing time at 15,000 L: impeller diameter is missing."),)),),
        ),
        Section(
            "Process",
            (
                Flow(
                    tuple(
                        Step(
                            f"Step {i}",
                            title,
                            unit,
                            (("SITE-A", f"{5 * i},000 L"), ("SITE-B", f"{15 * i},000 L")),
                            "Hold ≤ 24 h" if i == 3 else "",
                        )
                        for i, (unit, title) in enumerate(UNITS, 1)
                    ),
                    "From vial to virus-free pool",
                ),
            ),
        ),
        Section(
            "What changed since rev-A",
            (Prose("The proven range of culture pH was **widened** without a study.\n\n1. one\n2. two"),),
        ),
    )
    return Page("index", "A-Mab transfer", blocks, "", "From 5,000 L at SITE-A to 15,000 L at SITE-B.")


def _findings() -> Page:
    rows = tuple(
        Row(
            (
                (Code("PRM-04"),),
                (Chip("error", "bad") if i % 3 else Chip("warning", "warning"),),
                (Link(f"PRM-BRX-{i % 9}", f"PRM-BRX-{i % 9}"),),
                (Text("The normal operating range 6.75 to 6.95 is outside the proven acceptable range 6.80 to 7.10."),),
                (Code(f"records/bioreactor.yaml:{i + 10}:7"),),
                (Text("MSAT"),),
            )
        )
        for i in range(30)
    )
    columns = (
        Column("Rule"),
        Column("Severity"),
        Column("Record"),
        Column("What is wrong"),
        Column("Where"),
        Column("Owner"),
    )
    return Page("findings", "Findings", (Table(columns, rows, "Findings", filterable=True),), "Checks")


def publication(status: str = "draft", hostile: str = HOSTILE, copies: int = 1) -> Publication:
    """The fixture; `copies` multiplies the unit operations to make a large document."""
    pages = [_home(), *(_unit_page(i, *unit) for i, unit in enumerate(UNITS, 1)), _matrix_page(), _findings()]
    for copy in range(1, copies):
        pages += [Page(f"{p.slug}-{copy}", p.title, p.blocks, p.section, p.summary) for p in pages[1:8]]
    if hostile:
        title = hostile.split("\n", maxsplit=1)[0]
        pages.append(
            Page(
                "hostile",
                title,
                (
                    Prose(hostile),
                    Section(
                        title,
                        (
                            Facts(((title, (Text(title), Chip(title), Link("PRM-BRX-0", title, title))),)),
                            Table((Column(title, unit=title),), (Row(((Text(title),),)),), title, filterable=True),
                            Callout("warning", title, ()),
                            Cards((Card(title, title, title),)),
                            Flow((Step(title, title, "", ((title, title),), title),), title),
                            draw_range_bar(RangeBar(title, title)),
                        ),
                    ),
                ),
                "Checks",
                title,
            )
        )
    return Publication(
        "A-Mab & transfer of “drug substance”",
        "TTP-AMAB-001",
        "3f2a91c",
        status,
        "partner",
        "2026-11-30",
        "A-Mab",
        tuple(pages),
        (("From", (Text("SITE-A, 5,000 L"),)), ("To", (Text("SITE-B, 15,000 L"),)), ("Gate", (Chip("G2", "info"),))),
        (
            Approval("Quality, sending party", "R. Example", "ORG-A", "approves", "2026-11-28", "VEEVA-1182"),
            Approval("Quality, receiving party", "S. Sample", "ORG-B"),
        ),
        "ORG-B",
    )
