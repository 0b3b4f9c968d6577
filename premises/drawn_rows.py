"""Rows of the admin's lists, drawn without a template for each cell.

The theme renders a template for every label, every tick and every row's menu, and all headings again for every row:
most of the time that a list takes. Here each different one is rendered once, by the theme's own templates where it has
one, and its HTML is used again.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import BooleanField, DateField, ForeignKey, ManyToOneRel, Model, TimeField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from unfold.templatetags.unfold_list import CHECKBOX_CLASSES, LINK_CLASSES, ROW_CLASSES
from unfold.utils import display_for_dropdown, display_for_field, display_for_header, display_for_label
from unfold.utils import display_for_value as display
from unfold.widgets import CHECKBOX_CLASSES as TICK_CLASSES

TICK = "action_checkbox"
HERE = "here-stands-the-key"
Buttons = Callable[[Any], list[dict[str, Any]]]


def rows(changes: Any, headings: list[Any], buttons: list[dict[str, Any]]) -> Iterator[list[SafeString]]:
    """The cells of each row of a list, its menu last. `buttons` are those of the theme's row menus."""
    admin = changes.model_admin
    fitting: Buttons = lambda row: admin.row_buttons(row, buttons) if buttons else []  # noqa: E731
    menus: dict[tuple[str, ...], str] = {}
    for row in changes.result_list:
        cells = [
            _cell(changes, row, name, number, headings[number]) for number, name in enumerate(changes.list_display)
        ]
        yield [*cells, _menu(menus, row, fitting(row))] if buttons else cells


def _cell(changes: Any, row: Model, name: Any, number: int, heading: Any) -> SafeString:
    if name == TICK:
        return format_html('<td class="{}">{}</td>', _classes(TICK, TICK, False), tick(row))
    shown, is_moment = _shown(changes.model_admin, row, name)
    label = capfirst(heading["text"])
    links = changes.list_display_links
    is_link = links is not None and (name in links if links else number == _first(changes))
    tag = "th" if is_link and number == _first_link(changes) else "td"
    inside = _link(changes, row, shown) if is_link else shown
    classes = _classes(_field_name(name, number), "", is_moment)
    scope = SafeString(' scope="row"') if tag == "th" else ""
    return format_html('<{}{} class="{}" data-label="{}">{}</{}>', tag, scope, classes, label, inside, tag)


def _first(changes: Any) -> int:
    """The number of the first column that shows something."""
    return 1 if changes.list_display[0] == TICK else 0


def _first_link(changes: Any) -> int:
    names = changes.list_display_links or [changes.list_display[_first(changes)]]
    return min(int(changes.list_display.index(name)) for name in names)


def _field_name(name: Any, number: int) -> str:
    """What the style sheet calls a column: a function without a name by its place."""
    if callable(name):
        name = name.__name__
        return str(number) if name == "<lambda>" else str(name)
    return str(name)


@lru_cache(maxsize=256)
def _classes(field: str, kind: str, is_moment: bool) -> SafeString:
    classes = CHECKBOX_CLASSES if kind == TICK else ROW_CLASSES
    return SafeString(" ".join([f"field-{field}", *classes, *(["nowrap"] if is_moment else [])]))


def _link(changes: Any, row: Model, shown: Any) -> SafeString | Any:
    try:
        address = changes.url_for_result(row)
    except NoReverseMatch:
        return shown
    kept = {"preserved_filters": changes.preserved_filters, "opts": changes.opts}
    opener = row.serializable_value(changes.to_field or changes.lookup_opts.pk.attname)
    attributes = {"data-popup-opener": str(opener)} if changes.is_popup else {}
    return format_html(
        '<a href="{}" class="{}"{}>{}</a>',
        add_preserved_filters(kept, address),
        " ".join(LINK_CLASSES),
        flatatt(attributes),
        shown,
    )


def _shown(admin: Any, row: Model, name: Any) -> tuple[Any, bool]:
    """What a cell says, and whether it is a day or a time."""
    empty = admin.get_empty_value_display()
    try:
        field, attribute, value = lookup_field(name, row, admin)
    except ObjectDoesNotExist:
        return empty, False
    empty = getattr(attribute, "empty_value_display", empty)
    if field is None or getattr(field, "auto_created", False):
        return _of_method(row, name, attribute, value, empty), False
    if isinstance(field.remote_field, ManyToOneRel):
        related = getattr(row, field.name)
        return empty if related is None else related, True
    shown = ticked(value) if isinstance(field, BooleanField) else display_for_field(value, field, empty)
    return shown, isinstance(field, (DateField, TimeField, ForeignKey))


def _of_method(row: Model, name: Any, attribute: Any, value: Any, empty: str) -> Any:
    if label := getattr(attribute, "label", False):
        return labelled(value, empty, label)
    if getattr(attribute, "dropdown", False):
        return display_for_dropdown(row, name, value, empty)
    if getattr(attribute, "header", False):
        return display_for_header(value, empty)
    if getattr(attribute, "boolean", False):
        return ticked(value)
    return display(value, empty)


# --- what is the same in many rows ---


def ticked(value: bool | None) -> SafeString:
    """Yes, no or unknown, as the theme draws it."""
    return _ticked(value, get_language())


@lru_cache(maxsize=16)
def _ticked(value: bool | None, _language: str | None) -> SafeString:
    return SafeString(render_to_string("unfold/helpers/boolean.html", {"value": value}).strip())


def labelled(value: Any, empty: str, colours: Any) -> SafeString:
    """A coloured label, as the theme draws it; a value that is several is drawn by the theme itself."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(colours, dict):
        return _label(str(value[1]), colours.get(value[0]))
    if isinstance(value, (list, tuple)) or not value:
        return SafeString(display_for_label(value, empty, colours))
    return _label(str(value), colours.get(value) if isinstance(colours, dict) else None)


@lru_cache(maxsize=1024)
def _label(words: str, colour: str | None) -> SafeString:
    return SafeString(render_to_string("unfold/helpers/label.html", {"text": words, "type": colour}).strip())


def tick(row: Model) -> SafeString:
    """The box by which a row is chosen for an action. It says which row."""
    return format_html(
        '<input type="checkbox" name="{}" value="{}" class="{}" aria-label="{}">',
        ACTION_CHECKBOX_NAME,
        row.pk,
        _tick_classes(),
        _("Select %(row)s") % {"row": row},
    )


@lru_cache(maxsize=1)
def _tick_classes() -> str:
    return " ".join([*TICK_CLASSES, "action-select"])


def _menu(known: dict[tuple[str, ...], str], row: Model, buttons: Iterable[dict[str, Any]]) -> SafeString:
    """The menu of a row; rows of the same buttons differ in the key only."""
    offered = list(buttons)
    paths = tuple(button["raw_path"] for button in offered)
    if paths not in known:
        known[paths] = render_to_string(
            "premises/row_menu.html", {"buttons": offered, "key": HERE, "name": f"{HERE}-name"}
        )
    named = known[paths].replace(f"{HERE}-name", format_html("{}", row))
    return SafeString(named.replace(HERE, format_html("{}", row.pk)))
