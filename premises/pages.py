"""Pages beside the lists and forms of the admin: one question, or something shown once."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.text import capfirst


def ask(
    request: HttpRequest,
    *,
    title: Any,
    form: Form,
    submit: Any,
    intro: Any = "",
    aside: SafeString | str = "",
    back: str = "",
    back_text: Any = "",
    danger: bool = False,
) -> HttpResponse:
    """A page with one form. `aside` is shown above it: what the question is about; `back_text` in place of "Cancel"."""
    for field in form.fields.values():
        field.label = capfirst(field.label)
    context = {
        "form": form,
        "submit_text": submit,
        "intro": intro,
        "aside": aside,
        "back": back,
        "back_text": back_text,
        "danger": danger,
    }
    return _page(request, "premises/ask.html", title, context)


def show_once(
    request: HttpRequest, *, title: Any, intro: Any, values: Iterable[tuple[Any, str]], back: str
) -> HttpResponse:
    """A page of secrets that are shown now and never again; kept by no cache."""
    response = _page(request, "premises/shown_once.html", title, {"intro": intro, "values": list(values), "back": back})
    response["Cache-Control"] = "no-store"
    return response


def show(request: HttpRequest, template: str, *, title: Any, **context: Any) -> HttpResponse:
    """A page of our own in the admin's frame."""
    return _page(request, template, title, context)


def _page(request: HttpRequest, template: str, title: Any, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context})
