"""A link that breaks is told to the managers of that condominium, once, each in the own language; and the recovery."""

from datetime import timedelta
from typing import Any

from django.core import mail
from django.utils import timezone

from access.models import Lane, Link, Rehearsal
from access.rehearsal_links import BROKEN, OK, Result
from portal import rehearsal_mail
from portal.models import Alarm, Preferences
from premises.models import Condominium, Membership, User
from premises.roles import Role
from tests.conftest import member

SINCE = "2026-11-21T12:00:00+00:00"


def result(news: str, lane: Lane, **more: Any) -> Rehearsal:
    broken = news == "broken"
    camera = Result(Link.CAMERA, BROKEN, "no_picture", {"since": SINCE, "problem": "timeout"})
    links = [(camera if broken else Result(Link.CAMERA, OK, "gave", ms=12)).noted()]
    links.append(Result(Link.READING, OK, "drawn", ms=80).noted())
    at = timezone.now()
    fields = {"begun_at": at, "ended_at": at, "links": links, "news": news, "broken": Link.CAMERA if broken else ""}
    return Rehearsal.objects.create(condominium_id=lane.condominium_id, lane=lane, **(fields | more))


def test_the_managers_are_told_once_and_nobody_else(lane: Lane, alice: User, bob: User, charlie: User) -> None:
    row = result("broken", lane)
    assert (rehearsal_mail.tell(row.pk), rehearsal_mail.tell(row.pk), rehearsal_mail.sweep()) == (1, 0, 0)
    message = mail.outbox[0]
    assert (len(mail.outbox), message.to) == (1, ["alice@example.org"])
    assert message.subject == f"{lane}: a link is broken · {lane.condominium}"
    assert (
        "✕ Camera (broken): The camera gave no picture since 11/21/2026 09:00:00: The recorder did not" in message.body
    )
    assert "✓ Recognition (holds): The plate of a drawn test picture was read." in message.body


def test_the_recovery_is_told_too(lane: Lane, alice: User) -> None:
    rehearsal_mail.tell(result("recovered", lane).pk)
    assert mail.outbox[0].subject == f"{lane}: all links hold again · {lane.condominium}"
    assert "All links hold again:" in mail.outbox[0].body


def test_what_is_no_news_is_told_to_nobody(lane: Lane, alice: User) -> None:
    assert rehearsal_mail.tell(result("", lane).pk) == 0
    assert rehearsal_mail.tell(0) == 0
    assert mail.outbox == []


def test_each_in_the_own_language(lane: Lane, alice: User) -> None:
    Preferences.objects.create(user=alice, language="pt-br")
    rehearsal_mail.tell(result("broken", lane).pk)
    assert "21/11/2026 09:00:00" in mail.outbox[0].body


def test_who_left_or_has_no_address_is_not_told(lane: Lane, condominium: Condominium, alice: User) -> None:
    member("gone", condominium, Role.MANAGER)
    User.objects.filter(username="gone").update(is_active=False)
    User.objects.filter(pk=alice.pk).update(email="")
    assert rehearsal_mail.tell(result("broken", lane).pk) == 0


def test_a_second_membership_brings_no_second_mail(lane: Lane, condominium: Condominium, alice: User) -> None:
    Membership.objects.create(user=alice, condominium=condominium, role=Role.GUARD)
    assert rehearsal_mail.tell(result("broken", lane).pk) == 1


def test_a_mail_that_failed_is_sent_later_and_then_no_more(lane: Lane, alice: User, settings: Any) -> None:
    row = result("broken", lane)
    settings.EMAIL_BACKEND = "portal.accounts.mail.NoMail"
    assert (rehearsal_mail.tell(row.pk), Alarm.objects.get().mailed_at) == (0, None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert rehearsal_mail.sweep() == 0  # whoever tried a moment ago may still be at it
    Alarm.objects.update(tried_at=timezone.now() - rehearsal_mail.AGAIN * 2)
    assert (rehearsal_mail.sweep(), rehearsal_mail.sweep()) == (1, 0)


def test_what_is_old_is_no_news_any_more(lane: Lane, alice: User) -> None:
    result("broken", lane, ended_at=timezone.now() - rehearsal_mail.NEWS - timedelta(minutes=1))
    assert rehearsal_mail.sweep() == 0


def test_a_link_to_the_lane_stands_in_it_where_the_site_knows_its_address(
    lane: Lane, alice: User, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://gate.example"
    rehearsal_mail.tell(result("broken", lane).pk)
    assert f"https://gate.example/admin/access/lane/{lane.pk}/change/" in mail.outbox[0].body
