"""Reading a catalogue of translations as it is written, without gettext's programs."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "locale" / "pt_BR" / "LC_MESSAGES"


@dataclass
class Message:
    id: str = ""
    fuzzy: bool = False
    # By the number of the plural's form; a message without a plural has the one at 0.
    texts: dict[int, str] = field(default_factory=dict)
    plural: str = ""


def read(path: Path) -> dict[str, Message]:
    """The messages of a .po file by their ids, without the header."""
    found = {message.id: message for message in _messages(path.read_text(encoding="utf-8"))}
    found.pop("", None)
    return found


def _messages(text: str) -> Iterator[Message]:
    for block in text.split("\n\n"):
        if "msgid" in block:
            yield _message(block)


def _message(block: str) -> Message:
    message, where = Message(), ""
    for line in block.splitlines():
        if line.startswith("#"):
            message.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        keyword, quote, rest = line.partition('"')
        where = keyword.strip() or where
        _add(message, where, ast.literal_eval(quote + rest))
    return message


def _add(message: Message, where: str, text: str) -> None:
    if where == "msgid":
        message.id += text
    elif where == "msgid_plural":
        message.plural += text
    else:
        number = int(where.removeprefix("msgstr").strip("[]") or 0)
        message.texts[number] = message.texts.get(number, "") + text
