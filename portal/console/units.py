"""Finding a unit while somebody types: by its name, or by who lives there."""

from typing import Any

from django.db.models import Prefetch, Q, Value
from django.db.models.functions import Concat

from premises.models import Person, Unit

MOST = 8
# So many are looked through for the best of them.
LOOKED_THROUGH = 60


def matching(condominium_id: int, typed: str) -> list[dict[str, Any]]:
    """At most eight, those first whose name begins with what was typed. All of them fit nothing typed."""
    typed = " ".join(typed.split())
    close = typed.replace(" ", "")
    rows = Unit.objects.filter(condominium_id=condominium_id).annotate(
        whole=Concat("block", Value(" "), "number"), close=Concat("block", "number")
    )
    named = Q(whole__icontains=typed) | Q(close__icontains=close)
    lived_in = Q(pk__in=Person.objects.filter(condominium_id=condominium_id, name__icontains=typed).values("unit"))
    people = Prefetch("people", Person.objects.order_by("name"))
    found = list(rows.filter(named | lived_in).prefetch_related(people)[:LOOKED_THROUGH])
    found.sort(key=lambda unit: _rank(unit, close.casefold()))
    return [_told(unit) for unit in found[:MOST]]


def _rank(unit: Any, close: str) -> tuple[bool, bool]:
    name, number = unit.close.casefold(), unit.number.casefold()
    return close not in (name, number), not name.startswith(close)


def _told(unit: Unit) -> dict[str, Any]:
    names = [person.name for person in unit.people.all()]
    return {"id": unit.pk, "unit": str(unit), "people": ", ".join(names[:2]) + ("…" if len(names) > 2 else "")}
