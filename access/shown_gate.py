"""The gate of an admin page, fetched once a request for all that the page says and offers."""

from typing import Any

from django.http import HttpRequest

from gates.models import Gate


def shown_gate(request: HttpRequest, pk: Any) -> Gate | None:
    """With controller and condominium; None where there is no such gate, or not for this user."""
    known: dict[str, Gate | None] = request.__dict__.setdefault("shown_gates", {})
    if str(pk) not in known:
        rows = Gate.objects.restrict(request.user).select_related("controller", "condominium")
        # An address can have any text in the place of the number.
        known[str(pk)] = rows.filter(pk=pk).first() if str(pk).isdecimal() else None
    return known[str(pk)]
