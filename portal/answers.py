"""Telling residents what the manager answered about a vehicle that they proposed."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.answers import answers, answers_since
from access.households import residents_of
from access.models import Vehicle
from access.queueing import offer
from access.vehicles import find_vehicle
from portal.models import AnswerNotice, Preferences
from portal.preferences import preferences_of
from portal.pushing import push
from portal.telling import address_of, as_read_by, mail
from premises.models import JournalEntry, User

TELL = "portal.tasks.tell_of_answer"
# What waited for days is still news on the next day; what is younger than a moment may be under way.
NEWS = timedelta(days=1)
SETTLED = timedelta(seconds=20)


def queue(entry_id: int, **signal: object) -> None:
    """Hear of an answer: somebody else than the manager's page tells of it."""
    # Where the queue is away, the sweep tells.
    offer(TELL, [entry_id], otherwise="an answer is told later", expires=NEWS.total_seconds())


def sweep() -> int:
    """Tell of the answers that nobody was told of. Returns how many there were."""
    now = timezone.now()
    untold = answers_since(now - NEWS, now, SETTLED).exclude(pk__in=AnswerNotice.objects.values("entry"))
    return sum(bool(tell(entry.pk)) for entry in untold)


def tell(entry_id: int) -> int:
    """Tell everybody who lives in the vehicle's unit, each once. Returns how many were told now."""
    entry = answers().select_related("condominium").filter(pk=entry_id).first()
    vehicle = find_vehicle(entry.condominium_id, entry.subject) if entry else None
    if entry is None or vehicle is None or vehicle.home is None:
        return 0
    return sum(_tell(user, entry, vehicle) for user in residents_of(vehicle.home))


def _tell(user: User, entry: JournalEntry, vehicle: Vehicle) -> bool:
    notice, is_new = AnswerNotice.objects.get_or_create(user=user, entry=entry)
    if not is_new:
        return False
    wanted = preferences_of(user)
    with as_read_by(wanted, entry.condominium):
        said = _said(entry, vehicle)
        notice.mailed_at = timezone.now() if _mailed(user, wanted, said) else None
        notice.pushed = push(user, _message(said)) if wanted.push_vehicles else 0
    notice.save(update_fields=["mailed_at", "pushed"])
    return True


def _said(entry: JournalEntry, vehicle: Vehicle) -> dict[str, Any]:
    path = reverse("residents:vehicles")
    return {
        "plate": vehicle.plate,
        "approved": entry.action == "vehicle.approved",
        "reason": entry.data.get("reason", ""),
        "condominium": entry.condominium,
        "unit": vehicle.home,
        "path": path,
        "address": address_of(path),
    }


def _mailed(user: User, wanted: Preferences, said: dict[str, Any]) -> bool:
    return wanted.mail_vehicles and mail(user, _subject(said), "portal/residents/mail_answer.txt", said)


def _subject(said: dict[str, Any]) -> str:
    return (_("%(plate)s is approved") if said["approved"] else _("%(plate)s was not approved")) % said


def _message(said: dict[str, Any]) -> dict[str, Any]:
    body = _("The gate opens for it from now on.") if said["approved"] else said["reason"]
    return {"title": _subject(said), "body": body, "url": said["path"]}
