"""The topics between a condominium and its Home Assistant. Pure."""

from collections.abc import Iterable

from gates.models import HomeAssistant

# Online, or offline by the last will of who announces.
STATUS = "cancela/status"


def root(condominium_id: int) -> str:
    return f"cancela/{condominium_id}"


def node(condominium_id: int) -> str:
    """The second level of discovery topics: unique at a broker."""
    return f"cancela_{condominium_id}"


def may_say(home: HomeAssistant) -> list[str]:
    """That it started, and, where it may open gates, that one shall open."""
    opens = [f"{root(home.condominium_id)}/gate/+/set"] if home.takes_commands else []
    return [f"{home.prefix}/status", *opens]


def may_hear(home: HomeAssistant) -> list[str]:
    return [STATUS, f"{root(home.condominium_id)}/#", f"{home.prefix}/#"]


def server_says(homes: Iterable[HomeAssistant]) -> list[str]:
    prefixes = [f"{home.prefix}/#" for home in homes]
    return ["cancela/#", *prefixes] if prefixes else []


def server_hears(homes: Iterable[HomeAssistant]) -> list[str]:
    """What it announced before, so that it can take it back; and what it is asked for."""
    found = [
        [f"{home.prefix}/+/{node(home.condominium_id)}/+/config", f"{root(home.condominium_id)}/+/+/+"]
        for home in homes
    ]
    return [topic for topics in found for topic in topics]
