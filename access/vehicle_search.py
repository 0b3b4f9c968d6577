"""Finding registered vehicles by words: a plate or a part of it, an owner, a unit, what the vehicle looks like."""

from collections.abc import Collection

from django.db.models import Q

from access.plate_search import matching, words
from premises.models import Person, Unit

PLATES = ("plate_old", "plate_mercosul", "plate")


def found_by(text: str, condominiums: Collection[int]) -> Q:
    """By words, each somewhere, or by a part of a plate however it is typed; of these condominiums."""
    each = Q()
    for word in words(text):
        each &= _somewhere(word, condominiums)
    return matching(text, plain=PLATES) | each


def _somewhere(word: str, condominiums: Collection[int]) -> Q:
    """Owners and units are looked for by themselves: joined, each vehicle would be looked at with all of both."""
    people = Person.objects.filter(condominium_id__in=condominiums, name__icontains=word)
    of_number = Q(number__icontains=word) | Q(block__icontains=word)
    units = Unit.objects.filter(of_number, condominium_id__in=condominiums)
    looks = Q(make__icontains=word) | Q(colour__icontains=word) | Q(note__icontains=word)
    return looks | matching(word, plain=PLATES) | Q(owner__in=people) | Q(unit__in=units)
