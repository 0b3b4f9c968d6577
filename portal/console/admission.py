"""Who may sit at a console, and of which condominiums; asked again while it is open."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from access.looking import looked_at, looked_through
from access.models import Passage
from premises.grants import Grants, grants, read_grants
from premises.models import User
from premises.roles import Permission

# Who has more condominiums than these looks at one at a time.
MOST_AT_ONCE = 4


@dataclass(frozen=True)
class Watch:
    """Somebody at a console: by which session, in which condominiums, in which language."""

    user: User
    session_key: str
    condominium_ids: frozenset[int]
    language: str


def may_watch(held: Grants) -> frozenset[int]:
    return held.of(Permission.OPEN_GATES) & held.of(Permission.VIEW_PASSAGES)


def chosen(request: HttpRequest) -> frozenset[int]:
    """The condominiums that the request asks for, of those that its user may watch; empty where there is none."""
    mine = may_watch(grants(request))
    named = request.GET.get("condominium", "")
    if named.isdecimal():
        return mine & {int(named)}
    return mine if len(mine) <= MOST_AT_ONCE else frozenset({min(mine)})


def watch_of(request: HttpRequest) -> Watch | None:
    """None for who may not watch anything."""
    user, ids = request.user, chosen(request)
    if not ids or not isinstance(user, User):
        return None
    return Watch(_plain(user), request.session.session_key or "", ids, str(getattr(request, "LANGUAGE_CODE", "")))


def _plain(user: Any) -> User:
    """The row itself: a request's user is wrapped in a lazy one."""
    return User.objects.get(pk=user.pk)


def still_may(watch: Watch) -> bool:
    """Whether the session still lives, is the same person's, and that person may still watch all of it."""
    store: Any = import_module(settings.SESSION_ENGINE)
    asked = HttpRequest()
    asked.session = store.SessionStore(watch.session_key)
    user = get_user(asked)
    return user.pk == watch.user.pk and watch.condominium_ids <= may_watch(read_grants(user))


def note_looks(watch: Watch, passage_ids: set[UUID]) -> None:
    """Write down who looked at whom: as everywhere once for each person, passage and hour."""
    looked_through(watch.condominium_ids, by=watch.user)
    for passage in Passage.objects.filter(pk__in=passage_ids):
        looked_at(passage, by=watch.user)
