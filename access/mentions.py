"""Where somebody is mentioned beside the own rows: in the journal, in decisions about others, in the admin's log."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from access.models import Decision, Permit, Vehicle
from access.subjects import Subject
from premises.models import JournalEntry, Person

# Of a decision about the vehicle that is meant.
OWN = ("plate", "read", "unit", "owner", "texts", "holder", "host", "colour")


def entries(
    subject: Subject, passages: list[UUID], person: Person | None, *, spare: Iterable[UUID]
) -> list[JournalEntry]:
    """Journal entries of these passages, and all in which one of the plates stands, or that are about the person.

    An entry of a passage in `spare` is left as it is.
    """
    mine = JournalEntry.objects.filter(condominium_id=subject.condominium_id, is_erased=False)
    found = {entry.pk: entry for entry in mine.filter(passage_id__in=passages)}
    found |= {entry.pk: entry for entry in _mentioning(mine, subject)}
    if person is not None and subject.name:
        found |= {entry.pk: entry for entry in mine.filter(subject=person.name, action__startswith="person.")}
    spared = set(spare)
    return sorted((entry for entry in found.values() if entry.passage_id not in spared), key=lambda each: each.sequence)


def _mentioning(mine: QuerySet[JournalEntry], subject: Subject) -> list[JournalEntry]:
    if not subject.plates:
        return []
    rows = mine.annotate(text=Cast("data", TextField())).filter(
        _any(Q(text__contains=plate) | Q(subject__contains=plate) for plate in subject.plates)
    )
    whole = _whole(subject.plates)
    return [entry for entry in rows.iterator() if whole.search(f"{entry.subject}\n{entry.text}")]


def redact_decisions(subject: Subject, *, spare: Iterable[UUID]) -> None:
    """Take the plates out of decisions about others, to whom they were too alike."""
    if not subject.plates:
        return
    others = Decision.objects.filter(condominium_id=subject.condominium_id).exclude(passage_id__in=list(spare))
    rows = others.annotate(text=Cast("facts", TextField()))
    for row in rows.filter(_any(Q(text__contains=plate) for plate in subject.plates)):
        Decision.objects.filter(pk=row.pk).update(facts=without(row.facts, subject.plates))


def without(facts: Mapping[str, Any], plates: frozenset[str]) -> dict[str, Any]:
    """A decision's facts in which these plates do not stand."""
    own = facts.get("plate") in plates
    kept = {name: value for name, value in facts.items() if not (own and name in OWN)}
    return {name: _without(value, plates) for name, value in kept.items()}


def _without(value: Any, plates: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [each for each in value if each not in plates]
    if isinstance(value, dict):
        return {key: each for key, each in value.items() if key not in plates}
    return "" if isinstance(value, str) and value in plates else value


def clear_log(vehicles: list[Vehicle], person: Person | None) -> None:
    """The admin's own list of recent actions writes down what a row is called."""
    permits = Permit.objects.filter(vehicle__in=vehicles)
    _clear(Vehicle, [vehicle.pk for vehicle in vehicles])
    _clear(Permit, list(permits.values_list("pk", flat=True)))
    _clear(Person, [person.pk] if person else [])


def _clear(model: type[Model], pks: list[int]) -> None:
    kind = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=kind, object_id__in=list(map(str, pks))).update(
        object_repr="", change_message=""
    )


def _whole(plates: Iterable[str]) -> re.Pattern[str]:
    """A plate that is no part of a longer one."""
    return re.compile(rf"(?<![A-Z0-9])(?:{'|'.join(map(re.escape, plates))})(?![A-Z0-9])")


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found
