"""The admin site, entered by role."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from unfold.sites import UnfoldAdminSite

from premises.models import Membership, User
from premises.roles import ADMIN_ROLES


class CondominiumAdminSite(UnfoldAdminSite):  # type: ignore[misc]
    """Open to active users who manage, guard or audit a condominium, and to superusers."""

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter(request.user)


def may_enter(user: User | AnonymousUser) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or Membership.objects.filter(user=user, role__in=ADMIN_ROLES).exists()
