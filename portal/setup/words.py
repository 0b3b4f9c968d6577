"""Forms of the set-up in the set-up's own look: the theme's widgets carry the theme's."""

from typing import Any

from django import forms


def plain(form: Any) -> Any:
    """The form with plain fields, labelled, each told by its help and its mistakes."""
    for field in form:
        attrs = field.field.widget.attrs
        attrs.pop("class", None)
        if isinstance(field.field.widget, forms.CheckboxInput):
            attrs["class"] = "setup-check"
    return form
