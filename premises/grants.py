"""What the signed-in user of a request may do, read once for the whole page.

The rows of a page are still limited by `restrict`; these are the many small questions beside them: which
menus, which buttons, which columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from premises.models import Condominium, Membership, User
from premises.roles import ADMIN_ROLES, ROLE_PERMISSIONS, Permission

NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Grants:
    """Condominium ids by permission. `zone` is the time zone of all of the user's condominiums, if it is one."""

    enters: bool = False
    zone: str | None = None
    ids: dict[str, frozenset[int]] = field(default_factory=dict)

    def of(self, permission: str) -> frozenset[int]:
        """Condominiums in which the permission is held: none for a permission that nobody defined."""
        return self.ids.get(permission, NONE)

    def condominium_ids(self, permission: str) -> list[int]:
        """What `restrict` asks of an actor. Numbers instead of a query: with these the database knows how much it is
        asked for, and reads a long list from its index in order, instead of all rows to sort them."""
        return sorted(self.of(permission))

    def allow(self, permission: str, condominium_id: int | None = None) -> bool:
        held = self.of(permission)
        return bool(held) if condominium_id is None else condominium_id in held


def known(actor: object) -> object:
    """The actor as one whose condominiums are known by number already: for lists of very many rows."""
    return read_grants(actor) if isinstance(actor, User) else actor


def grants(request: HttpRequest) -> Grants:
    """The grants of the request's user, asked of the database once a request."""
    remembered: tuple[Any, Grants] | None = getattr(request, "_grants", None)
    user = request.user
    if remembered is None or remembered[0] != user.pk:
        remembered = (user.pk, read_grants(user))
        request._grants = remembered  # type: ignore[attr-defined]
    return remembered[1]


def read_grants(user: Any) -> Grants:
    """Fails closed: nothing for who is not an active user of ours."""
    if not isinstance(user, User) or not user.is_active:
        return Grants()
    if user.is_superuser:
        everywhere = list(Condominium.objects.values_list("id", "time_zone"))
        ids = frozenset(pk for pk, _zone in everywhere)
        return Grants(True, _only(zone for _pk, zone in everywhere), dict.fromkeys(Permission.values, ids))
    held = list(
        Membership.objects.filter(user=user).order_by().values_list("condominium_id", "role", "condominium__time_zone")
    )
    return Grants(
        any(role in ADMIN_ROLES for _pk, role, _zone in held),
        _only(zone for _pk, _role, zone in held),
        _by_permission((pk, role) for pk, role, _zone in held),
    )


def _by_permission(held: Iterable[tuple[int, str]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for condominium_id, role in held:
        for permission in ROLE_PERMISSIONS.get(role, ()):  # type: ignore[call-overload]
            found.setdefault(str(permission), set()).add(condominium_id)
    return {permission: frozenset(ids) for permission, ids in found.items()}


def _only(zones: Iterable[str]) -> str | None:
    different = set(zones)
    return different.pop() if len(different) == 1 else None
