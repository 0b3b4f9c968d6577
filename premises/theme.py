"""The theme's decorators, with types."""

from collections.abc import Callable
from typing import Any, TypeVar

from unfold import decorators


class Label(tuple[str, Any]):
    """What a coloured label says: the code that chooses its colour, and the words. As text it is the words."""

    def __new__(cls, code: str, words: Any) -> "Label":
        return super().__new__(cls, (code, words))

    def __str__(self) -> str:
        return str(self[1])


F = TypeVar("F", bound=Callable[..., Any])


def display(**how: Any) -> Callable[[F], F]:
    """How a column or a read-only field is shown: description, ordering, label (colours by value)…"""
    decorate: Callable[[F], F] = decorators.display(**how)
    return decorate


def action(**how: Any) -> Callable[[F], F]:
    """A button: description, icon, and the permissions (`has_…_permission`) it is offered for."""
    decorate: Callable[[F], F] = decorators.action(**how)
    return decorate
