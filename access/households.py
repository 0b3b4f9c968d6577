"""Who lives where: the one rule by which residents see and do something, limited to the own unit.

Residents hold no permission. Whoever is no active user, has no membership as a resident, no person or no unit lives
nowhere, and is shown and allowed nothing.
"""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from access.models import Passage, Permit, Vehicle
from access.permitting import PermitKind
from premises.models import Condominium, Membership, Person, Unit, User
from premises.roles import Role

GUESTS = (PermitKind.VISITOR, PermitKind.SERVICE)


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives, and as whom."""

    user: User
    person: Person
    unit: Unit

    @property
    def condominium(self) -> Condominium:
        return self.unit.condominium

    def __str__(self) -> str:
        words = {"unit": self.unit, "condominium": self.condominium}
        return _("%(unit)s, %(condominium)s") % words


def homes_of(actor: object) -> list[Home]:
    """Where the actor lives, by the condominium's name; nowhere for anybody but an active user."""
    if not isinstance(actor, User) or not actor.is_active:
        return []
    mine = Membership.objects.filter(
        user=actor,
        role=Role.RESIDENT,
        person__condominium=F("condominium"),
        person__unit__condominium=F("condominium"),
    )
    rows = mine.select_related("person__unit__condominium").order_by("condominium__name", "pk")
    return [Home(actor, row.person, row.person.unit) for row in rows if row.person and row.person.unit]


def home_in(actor: object, condominium: Condominium) -> Home | None:
    return next((home for home in homes_of(actor) if home.unit.condominium_id == condominium.pk), None)


def lives_in(actor: object, unit: Unit | None) -> bool:
    return unit is not None and any(home.unit.pk == unit.pk for home in homes_of(actor))


def residents_of(unit: Unit) -> list[User]:
    """The active users who live in a unit."""
    mine = Membership.objects.filter(
        condominium=unit.condominium_id, role=Role.RESIDENT, person__unit=unit, user__is_active=True
    )
    return [row.user for row in mine.select_related("user").order_by("pk")]


def vehicles_of(home: Home) -> QuerySet[Vehicle]:
    """The unit's vehicles, those that were signed off too; not one whose owner lives elsewhere by now."""
    mine = Vehicle.objects.filter(Vehicle.at_home_in([home.unit.pk]), condominium=home.condominium)
    return mine.filter(Q(owner=None) | Q(owner__unit=home.unit)).order_by("state", "plate")


def guests_of(home: Home) -> QuerySet[Permit]:
    """The passes of who comes on the unit's word, the latest first."""
    mine = Permit.objects.filter(condominium=home.condominium, host=home.unit, kind__in=GUESTS)
    return mine.select_related("vehicle").order_by("-created_at")


def passages_of(home: Home) -> QuerySet[Passage]:
    """The decided passages of the unit's vehicles and guests, the latest first.

    Not those from before the account was made: they may be of who lived there earlier. Not those of a vehicle from the
    time when it was another unit's, nor of a guest whom another unit hosts too where nobody can say whose guest it was.
    """
    since = Passage.objects.filter(condominium=home.condominium, opened_at__gte=home.user.date_joined)
    decided = since.exclude(outcome="").filter(erased_at=None)
    return decided.filter(_by_own_vehicle(home) | _by_guest(home) | _by_guest_turned_away(home)).order_by("-opened_at")


def _by_own_vehicle(home: Home) -> Q:
    return Q(unit_name=str(home.unit), vehicle__in=vehicles_of(home).order_by())


def _by_guest(home: Home) -> Q:
    """Let in by a pass of the unit's; a plate that was corrected since is another vehicle's."""
    return Q(
        decision__permit__host=home.unit,
        decision__permit__kind__in=GUESTS,
        decision__permit__vehicle=F("vehicle"),
    )


def _by_guest_turned_away(home: Home) -> Q:
    hosted = Permit.objects.filter(vehicle=OuterRef("vehicle"), host__isnull=False)
    strangers = Vehicle.objects.filter(unit=None, owner=None)
    only_ours = Exists(hosted.filter(host=home.unit)) & ~Exists(hosted.exclude(host=home.unit))
    return Q(only_ours, unit_name=str(home.unit), decision__permit=None, vehicle__in=strangers)
