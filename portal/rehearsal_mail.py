"""Telling managers that the way of a lane is broken, and that it holds again: by e-mail, once each."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Rehearsal
from access.queueing import offer
from access.rehearsal_words import links_of
from portal.models import Alarm
from portal.preferences import preferences_of
from portal.telling import address_of, as_read_by, mail
from premises.models import User
from premises.roles import Role

TELL = "portal.tasks.tell_of_rehearsal"
# What is older is on the first page anyway.
NEWS = timedelta(days=1)
# Whoever began to send and did not end within so long failed, or was killed: it is tried again.
AGAIN = timedelta(minutes=4)


def queue(rehearsal_id: int, **signal: object) -> None:
    """Hear of a rehearsal: somebody else than its worker tells of it."""
    # Where the queue is away, the sweep tells.
    offer(TELL, [rehearsal_id], otherwise="a rehearsal is told later", expires=NEWS.total_seconds())


def sweep() -> int:
    """Tell again of what did not reach everybody. Returns how many mails went out."""
    lately = Rehearsal.objects.exclude(news="").filter(ended_at__gt=timezone.now() - NEWS)
    return sum(tell(rehearsal.pk) for rehearsal in lately)


def tell(rehearsal_id: int) -> int:
    """Tell every manager of that condominium who was not told. Returns how many mails went out."""
    rows = Rehearsal.objects.exclude(news="").select_related("lane", "condominium")
    rehearsal = rows.filter(pk=rehearsal_id).first()
    return sum(_tell(user, rehearsal) for user in _managers(rehearsal)) if rehearsal else 0


def _managers(rehearsal: Rehearsal) -> Any:
    mine = Q(memberships__condominium=rehearsal.condominium_id, memberships__role=Role.MANAGER)
    return User.objects.filter(mine, is_active=True).exclude(email="").distinct()


def _tell(user: User, rehearsal: Rehearsal) -> bool:
    alarm, _new = Alarm.objects.get_or_create(user=user, rehearsal=rehearsal)
    now = timezone.now()
    mine = Alarm.objects.filter(Q(tried_at=None) | Q(tried_at__lt=now - AGAIN), pk=alarm.pk, mailed_at=None)
    if not mine.update(tried_at=now) or not _mailed(user, rehearsal):
        return False
    Alarm.objects.filter(pk=alarm.pk).update(mailed_at=timezone.now())
    return True


def _mailed(user: User, rehearsal: Rehearsal) -> bool:
    with as_read_by(preferences_of(user), rehearsal.condominium):
        return mail(user, _subject(rehearsal), "portal/mail_rehearsal.txt", _said(rehearsal))


def _subject(rehearsal: Rehearsal) -> str:
    is_broken = rehearsal.news == Rehearsal.News.BROKEN
    text = _("%(lane)s: a link is broken") if is_broken else _("%(lane)s: all links hold again")
    return f"{text % {'lane': rehearsal.lane}} · {rehearsal.condominium}"


def _said(rehearsal: Rehearsal) -> dict[str, Any]:
    return {
        "rehearsal": rehearsal,
        "is_broken": rehearsal.news == Rehearsal.News.BROKEN,
        "links": links_of(rehearsal),
        "address": address_of(reverse("admin:access_lane_change", args=[rehearsal.lane_id])),
    }
