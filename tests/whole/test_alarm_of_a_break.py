"""From the camera to the board all holds; the board dies; by the next rehearsal managers and first page know."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from gates.models import Controller
from portal import rehearsal_mail
from premises.models import Condominium, User
from tests.access.rehearsing import Site, running_site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(condominium: Condominium, tmp_path: Path, settings: Any) -> Iterator[Site]:
    with running_site(condominium, tmp_path, settings) as site:
        yield site


def first_page(user: User) -> tuple[list[str], list[str]]:
    """The work list, and what it says of the lanes' rehearsals."""
    client = Client()
    client.force_login(user)
    context: Any = client.get(reverse("admin:index")).context
    return [each.text for each in context["concerns"]], [each.broken for each in context["rehearsed"]]


def test_a_board_that_dies_is_told_by_mail_and_on_the_first_page(
    site: Site, alice: User, bob: User, charlie: User
) -> None:
    site.rehearse()
    assert (rehearsal_mail.sweep(), first_page(alice)) == (0, ([], [""]))

    site.firmware.kill()
    site.ears.until(lambda: not Controller.objects.get(pk=site.controller.pk).online, 20)
    site.rehearse()
    assert (rehearsal_mail.sweep(), rehearsal_mail.sweep()) == (1, 0)
    message = mail.outbox[0]
    assert (message.to, message.subject) == (["alice@example.org"], "Entrada: a link is broken · Jardim das Acácias")
    assert "✕ Controller (broken): The gate's controller is not heard since" in message.body
    assert message.body.count("✓") == 4
    concerns, broken = first_page(alice)
    assert any("Entrada did not pass its rehearsal" in text for text in concerns)
    assert broken[0].startswith("Controller: The gate's controller is not heard since")
    assert first_page(charlie) == ([], [])

    site.firmware.start()
    site.ears.until_online(site.controller)
    site.rehearse()
    assert rehearsal_mail.sweep() == 1
    assert mail.outbox[1].subject == "Entrada: all links hold again · Jardim das Acácias"
    assert first_page(alice) == ([], [""])
    assert site.firmware.pulses() == []
