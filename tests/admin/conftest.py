"""Alice's condominium and Charlie's, both furnished; clients that are signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from premises.models import Condominium, User
from tests.admin.furnishing import furnish
from tests.browsing import browser

__all__ = ["browser"]

SignedIn = Callable[[User], Client]


@pytest.fixture
def signed_in() -> SignedIn:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def furnished(condominium: Condominium, elsewhere: Condominium) -> Condominium:
    """Alice's condominium, whose every row bears a Q; Charlie's bears a Z."""
    furnish(condominium, rows=2, prefix="Q")
    furnish(elsewhere, rows=2, prefix="Z")
    return condominium


@pytest.fixture
def owner(db: None) -> User:
    """Who keeps the whole installation."""
    return User.objects.create_superuser("owner", "owner@example.org", "a long password of the tests")
