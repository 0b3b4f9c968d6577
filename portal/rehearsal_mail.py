"""Telling managers that the way of a lane is broken, and that it holds again: by e-mail, once each."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from access.models import Rehearsal
from access.queueing import hand_over
from access.rehearsal_words import links_of
from portal.accounts.mail import sent
from portal.models import Alarm
from portal.preferences import preferences_of
from premises.models import User
from premises.roles import Role

logger = logging.getLogger("portal")

TELL = "portal.tasks.tell_of_rehearsal"
# What is older is on the first page anyway.
NEWS = timedelta(days=1)
# Whoever began to send and did not end within so long failed, or was killed: it is tried again.
AGAIN = timedelta(minutes=4)


def queue(rehearsal_id: int, **signal: object) -> None:
    """Hear of a rehearsal: somebody else than its worker tells of it."""
    try:
        hand_over(TELL, [rehearsal_id], expires=NEWS.total_seconds())
    except OperationalError:  # the sweep tells then
        logger.warning("The task queue cannot be reached: a rehearsal is told later")


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
    if not mine.update(tried_at=now) or not sent(_message(user, rehearsal)):
        return False
    Alarm.objects.filter(pk=alarm.pk).update(mailed_at=timezone.now())
    return True


def _message(user: User, rehearsal: Rehearsal) -> EmailMessage:
    language = preferences_of(user).language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(rehearsal.condominium.time_zone):
        body = render_to_string("portal/mail_rehearsal.txt", _said(rehearsal))
        return EmailMessage(" ".join(_subject(rehearsal).split()), body, to=[user.email])


def _subject(rehearsal: Rehearsal) -> str:
    is_broken = rehearsal.news == Rehearsal.News.BROKEN
    text = _("%(lane)s: a link is broken") if is_broken else _("%(lane)s: all links hold again")
    return f"{text % {'lane': rehearsal.lane}} · {rehearsal.condominium}"


def _said(rehearsal: Rehearsal) -> dict[str, Any]:
    address = reverse("admin:access_lane_change", args=[rehearsal.lane_id])
    return {
        "rehearsal": rehearsal,
        "is_broken": rehearsal.news == Rehearsal.News.BROKEN,
        "links": links_of(rehearsal),
        "address": f"{settings.SITE_ADDRESS}{address}" if settings.SITE_ADDRESS else "",
    }
