"""Alice invites; somebody opens the link."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from premises.models import User
from tests.admin.conftest import SignedIn
from tests.conftest import PASSWORD

LINK = r"http://testserver(/accounts/invitation/\S+)"
NEW = {"first_name": "Nova", "last_name": "Pessoa", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


@pytest.fixture
def invite(manager: Client, django_capture_on_commit_callbacks: Any) -> Any:
    def invite(email: str = "nova@example.org", **values: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            data = {"email": email, "role": "guard", "person": "", "language": "en", **values}
            return manager.post(reverse("admin:portal_invitation_add"), data)

    return invite


def accept(client: Client, link: str, **data: str) -> Any:
    client.get(link)
    return client.post(reverse("account_invitation"), data)
