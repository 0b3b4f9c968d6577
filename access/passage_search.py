"""Finding passages by words of what they show: a plate or a part of it, a unit, an owner."""

from django.db.models import Q

from access.plate_search import matching, words

PLATES = ("plate", "corrected_plate", "plate_key")


def found_by(text: str) -> Q:
    """By words, each in the plate or in a name, or by a part of a plate however it is typed."""
    found = Q()
    for word in words(text):
        # Plates are kept in capitals: asked for as they are, their index can answer.
        found &= Q(unit_name__icontains=word) | Q(owner_name__icontains=word) | Q(plate__contains=word.upper())
    return of_plate(text) | found


def of_plate(text: str) -> Q:
    """Passages whose plate contains the text, in either spelling."""
    return matching(text, plain=PLATES, key="plate_key")
