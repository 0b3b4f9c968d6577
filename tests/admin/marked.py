"""The texts that an installed package marks for translation, without gettext's programs."""

import ast
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

INSTALLED = Path(sysconfig.get_paths()["purelib"])
MARKS = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "ngettext_noop")
IN_TEMPLATE = re.compile(r"""\b(?:n?gettext|_)\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


def marked(part: str) -> dict[str, str]:
    """Each text of a package, or of one file, with the file that it is in."""
    place = INSTALLED / part
    files = [place] if place.is_file() else [*place.rglob("*.py"), *place.rglob("*.html")]
    return {text: str(file.relative_to(INSTALLED)) for file in files for text in _texts(file)}


def _texts(file: Path) -> Iterator[str]:
    source = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        for found in IN_TEMPLATE.finditer(templatize(source)):
            yield ast.literal_eval(found.group(1))
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in MARKS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
