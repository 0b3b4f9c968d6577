"""Who lives in the tests: Alice and Bob share a condominium, Charlie is of another."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase
from django.utils import timezone, translation
from playwright.sync_api import Browser

from premises import triggers
from premises.models import Condominium, Membership, User
from premises.roles import Role
from tests.browsing import shown
from tests.in_flight import InFlight

FLUSHES = 6
PASSWORD = "a long password of the tests"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed browser test says what stood on its pages."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.failed and isinstance(browser, Browser):
        report.sections.append(("what the browser showed", shown(browser)))
    return report


def member(name: str, condominium: Condominium, role: Role) -> User:
    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD)
    Membership.objects.create(user=user, condominium=condominium, role=role)
    return user


@pytest.fixture
def condominium(db: None) -> Condominium:
    return Condominium.objects.create(name="Jardim das Acácias", slug="acacias")


@pytest.fixture
def elsewhere(db: None) -> Condominium:
    return Condominium.objects.create(name="Parque dos Ipês", slug="ipes")


@pytest.fixture
def alice(condominium: Condominium) -> User:
    """The manager."""
    return member("alice", condominium, Role.MANAGER)


@pytest.fixture
def bob(condominium: Condominium) -> User:
    """The guard of the same condominium."""
    return member("bob", condominium, Role.GUARD)


@pytest.fixture
def charlie(elsewhere: Condominium) -> User:
    """The manager of another condominium: must see nothing of Alice's."""
    return member("charlie", elsewhere, Role.MANAGER)


@contextmanager
def journal_open() -> Iterator[None]:
    """Lift the journal's triggers for a while: to tamper, or to clean up after a test."""
    with connection.schema_editor() as editor:
        triggers.remove(editor)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            triggers.install(editor)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Where triggers and rows can go in one transaction: they do, and nobody is waited for without end."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        connection.cursor().execute("SET LOCAL lock_timeout = '5s'")
        yield


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_triggers() -> None:
    """Tests with real transactions are cleaned by deleting, which the journal's triggers refuse.

    The last request of a browser that was just closed is waited for; what still holds a table is tried again.
    """
    in_flight = InFlight()
    in_flight.watch()
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def once(case: TransactionTestCase) -> None:
        with all_or_nothing(), journal_open():
            flush(case)

    def teardown(case: TransactionTestCase) -> None:
        in_flight.landed()
        for _ in range(FLUSHES):
            try:
                once(case)
            except (CommandError, OperationalError):
                continue
            return
        once(case)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _own_folder_cache_and_language(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    # A request leaves its language and its time zone behind in the thread.
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()
    yield
    cache.clear()
