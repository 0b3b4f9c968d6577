"""Whom a data-subject request is about: a person, plates, or both; and which passages are theirs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from access.models import Passage, RequestState, SubjectRequest, Vehicle
from premises.models import Person
from recognition import spellings


@dataclass(frozen=True, slots=True)
class Subject:
    """`keys` are canonical plates: those that were named and those of the person's vehicles.

    `name` is the person's where nobody else of the condominium is called so, and otherwise empty: a name alone then
    tells nothing.
    """

    condominium_id: int
    person: Person | None = None
    name: str = ""
    keys: frozenset[str] = frozenset()

    @property
    def plates(self) -> frozenset[str]:
        """Every spelling under which a plate may have been written down."""
        return frozenset(spelling for key in self.keys for spelling in (key, *spellings(key)))

    @property
    def passages(self) -> QuerySet[Passage]:
        """Theirs. Those of a vehicle from the time when it was somebody else's are not."""
        named = Q(owner_name=self.name) if self.name else Q(pk__in=[])
        mine = Passage.objects.filter(named | Q(plate_key__in=self.keys), condominium_id=self.condominium_id)
        return mine.filter(owner_name__in=("", self.person.name[:120])) if self.person else mine

    @property
    def vehicles(self) -> QuerySet[Vehicle]:
        """Theirs: of the person, or of a plate that no other person is known to own."""
        named = Vehicle.objects.filter(condominium_id=self.condominium_id, plate_key__in=self.keys)
        return named.filter(Q(owner=self.person) | Q(owner=None)) if self.person else named

    @property
    def written(self) -> frozenset[str]:
        """What a text about them contains; letters beyond ASCII as they are, and as JSON may write them."""
        names = {self.name, json.dumps(self.name)[1:-1]} if self.name else set()
        return self.plates | names

    def without(self, keys: Iterable[str]) -> "Subject":
        """Less some plates."""
        return Subject(self.condominium_id, self.person, self.name, self.keys - set(keys))


def subject_of(request: SubjectRequest) -> Subject:
    person = request.person
    return Subject(
        request.condominium_id,
        person,
        person.name if person and _is_only(person) else "",
        frozenset(request.asked_keys | (_keys_of(person) if person else set())),
    )


def held(condominium_id: int, but: SubjectRequest | None = None) -> QuerySet[Passage]:
    """The passages that open requests name, which nothing may take away; perhaps all requests but one."""
    found = Passage.objects.none()
    requests = SubjectRequest.objects.filter(condominium_id=condominium_id, state=RequestState.OPEN)
    others = requests.exclude(pk=but.pk) if but else requests
    for request in others.select_related("person"):
        # Whose a vehicle was at that time is for answering; what is named is held.
        subject = subject_of(request)
        found |= Passage.objects.filter(condominium_id=condominium_id, plate_key__in=subject.keys) | subject.passages
    return found


def _keys_of(person: Person) -> set[str]:
    return set(Vehicle.objects.filter(owner=person).values_list("plate_key", flat=True))


def _is_only(person: Person) -> bool:
    twins = Person.objects.filter(condominium_id=person.condominium_id, name=person.name)
    return not twins.exclude(pk=person.pk).exists()
