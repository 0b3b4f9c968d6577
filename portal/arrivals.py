"""Telling residents that their guest has arrived: by e-mail, and by notification where they asked for it."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.arrivals import arrivals, arrivals_since
from access.households import residents_of
from access.models import Decision
from access.queueing import offer
from portal.models import Notice, Preferences
from portal.preferences import preferences_of
from portal.pushing import push
from portal.telling import address_of, as_read_by, mail
from premises.models import User

TELL = "portal.tasks.tell_of_arrival"
# What is older is no news. What is younger may be under way.
NEWS = timedelta(minutes=10)
SETTLED = timedelta(seconds=20)


def queue(decision_id: int, **signal: object) -> None:
    """Hear of an arrival: somebody else than the lane tells of it."""
    # Where the queue is away, the sweep tells.
    offer(TELL, [decision_id], otherwise="an arrival is told later", expires=NEWS.total_seconds())


def sweep() -> int:
    """Tell of the arrivals that nobody was told of. Returns how many there were."""
    now = timezone.now()
    untold = arrivals_since(now - NEWS, now, SETTLED).exclude(pk__in=Notice.objects.values("decision"))
    return sum(bool(tell(decision.pk)) for decision in untold)


def tell(decision_id: int) -> int:
    """Tell everybody who lives in the host unit, each once. Returns how many were told now."""
    rows = arrivals().select_related("permit__host__condominium", "permit__vehicle", "passage__lane")
    decision = rows.filter(pk=decision_id).first()
    if decision is None or decision.permit is None or decision.permit.host is None:
        return 0
    return sum(_tell(user, decision) for user in residents_of(decision.permit.host))


def _tell(user: User, decision: Decision) -> bool:
    notice, is_new = Notice.objects.get_or_create(user=user, decision=decision)
    if not is_new:
        return False
    wanted = preferences_of(user)
    with as_read_by(wanted, decision.passage.lane.condominium):
        said = _said(decision)
        notice.mailed_at = timezone.now() if _mailed(user, wanted, said) else None
        notice.pushed = push(user, _message(said)) if wanted.push_arrivals else 0
    notice.save(update_fields=["mailed_at", "pushed"])
    return True


def _said(decision: Decision) -> dict[str, Any]:
    permit = decision.permit
    assert permit is not None
    address = reverse("residents:passage", args=[decision.passage_id])
    return {
        "name": permit.holder or permit.vehicle.plate,
        "plate": permit.vehicle.plate,
        "lane": decision.passage.lane.name,
        "at": timezone.localtime(decision.at),
        "condominium": permit.condominium,
        "unit": permit.host,
        "path": address,
        "address": address_of(address),
    }


def _mailed(user: User, wanted: Preferences, said: dict[str, Any]) -> bool:
    subject = _("%(name)s has arrived") % said
    return wanted.mail_arrivals and mail(user, subject, "portal/residents/mail_arrival.txt", said)


def _message(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": _("%(name)s has arrived") % said,
        "body": _("The plate was read at %(lane)s, %(time)s, and may pass.") % {**said, "time": f"{said['at']:%H:%M}"},
        "url": said["path"],
    }
