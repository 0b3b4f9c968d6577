"""What a page says to who sees or hears it: its texts, and the attributes that are shown or read out."""

import re
from html.parser import HTMLParser

SHOWN = ("title", "aria-label", "placeholder", "alt", "data-label")
SILENT = ("script", "style")
# Elements without an end.
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path")
# Of a picture's name in the font of icons; of what the machine writes and the language leaves alone.
SAME = ("material-symbols-outlined", "plate", "cancela-code")
WORD = re.compile(r"[^\W\d_]{2,}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.silent: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        names = (found.get("class") or "").split()
        if tag not in VOID:
            same = tag in (*SILENT, "code", "pre", "kbd") or any(name in SAME for name in names)
            self.silent.append(same or any(self.silent[-1:]))
        for name, value in attrs:
            if value and (name in SHOWN or (tag == "input" and name == "value" and found.get("type") == "submit")):
                self._add(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.silent:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.silent[-1:]):
            self._add(data)

    def _add(self, text: str) -> None:
        words = " ".join(text.split())
        if WORD.search(words):
            self.said.add(words)


def said(page: str) -> set[str]:
    """Every text of the page that holds a word."""
    reader = _Reader()
    reader.feed(page)
    return reader.said
