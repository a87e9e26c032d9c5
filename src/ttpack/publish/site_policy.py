"""What a browser may do with a page of the site: a Content-Security-Policy, in each page and as files for hosts.

A page runs the scripts that lie beside it and the engine's few inline ones, by their hashes; it loads nothing from
elsewhere, sends nothing anywhere and cannot be framed. The policy stands in each page, so that it holds from a disk
and on hosts that let nobody choose headers; the files carry what only a header can say.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

# The templates whose scripts stand in our pages; the engine's others belong to features that are off.
_TEMPLATES = ("base", "palette", "content")
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_WHERE_A_FEATURE_IS_ON = re.compile(r"\{%-?\s*if .*?\{%-?\s*endif\s*-?%\}", re.DOTALL)
_WAY_TO_THE_TOP = re.compile(r"\{\{[^{}]*\bbase_url\b[^{}]*\}\}")
_PERMISSIONS = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get",
    "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip

REFERRER = "no-referrer"
"""What a page tells of itself to a place that one of its links leads to."""


@cache
def inline_scripts() -> tuple[str, ...]:
    """The engine's inline scripts, as they stand in pages that all lie in one folder."""
    import material

    folder = Path(material.__file__).parent / "templates" / "partials" / "javascripts"
    found = []
    for name in _TEMPLATES:
        template = _WHERE_A_FEATURE_IS_ON.sub("", (folder / f"{name}.html").read_text("utf-8"))
        found += _SCRIPT.findall(_WAY_TO_THE_TOP.sub(".", template))
    return tuple(found)


@cache
def page_policy() -> str:
    """The policy as a page states it; what a browser takes from a header alone is not in it."""
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in inline_scripts())
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {hashes}",
        "style-src": "'self'",
        # The theme's icons are data in its style sheets.
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in rules.items())


def headers() -> Mapping[str, str]:
    """The headers that a host should send with every file of the site."""
    return {
        "Content-Security-Policy": f"{page_policy()}; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in _PERMISSIONS),
        "Referrer-Policy": REFERRER,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def host_files() -> dict[str, str]:
    """The same headers as the settings of common hosts, by file name; none of them is loaded by a page."""
    sent = headers()
    note = "Headers for every file of this site"
    return {
        # Netlify, Cloudflare Pages
        "_headers": "/*\n" + "".join(f"  {name}: {value}\n" for name, value in sent.items()),
        "nginx-headers.conf": f"# {note}; in a server or location block: include nginx-headers.conf;\n"
        + "".join(f'add_header {name} "{value}" always;\n' for name, value in sent.items()),
        "apache-headers.conf": f"# {note}; where mod_headers is on: Include apache-headers.conf\n"
        + "".join(f'Header always set {name} "{value}"\n' for name, value in sent.items()),
        # Azure Static Web Apps
        "staticwebapp.config.json": _json({"globalHeaders": dict(sent)}),
        # S3 behind CloudFront: aws cloudfront create-response-headers-policy --response-headers-policy-config file://...
        "cloudfront-headers.json": _json(_cloudfront(sent)),
    }


def _cloudfront(sent: Mapping[str, str]) -> dict[str, object]:
    own = {
        "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options",
    }  # fmt: skip
    custom = [{"Header": name, "Value": sent[name], "Override": True} for name in sorted(set(sent) - own)]
    return {
        "Name": "ttpack-site",
        "Comment": "Headers for every file of a site made by ttpack.",
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": sent["Content-Security-Policy"]},
            "ContentTypeOptions": {"Override": True},
            "FrameOptions": {"Override": True, "FrameOption": sent["X-Frame-Options"]},
            "ReferrerPolicy": {"Override": True, "ReferrerPolicy": sent["Referrer-Policy"]},
        },
        "CustomHeadersConfig": {"Quantity": len(custom), "Items": custom},
    }


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"
