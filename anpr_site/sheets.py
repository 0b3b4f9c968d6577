"""Sheets that stand in the pages themselves, so that the first paint waits for nothing but the page.

A sheet of its own costs a whole journey there and back before anything is seen: 300 ms on a slow phone's network.
Inline it costs some kilobytes of the page, compressed. The policy stays strict: each is named by the hash of exactly
this text.
"""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path


def read_sheets(root: Path, names: Iterable[str]) -> dict[str, str]:
    """The text of each sheet by its static name ("portal/page.css"), read once: what is named is what is shown."""
    return {name: (root / name.partition("/")[0] / "static" / name).read_text() for name in names}


def style_hash(text: str) -> str:
    """How a Content-Security-Policy names an inline sheet that is exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
