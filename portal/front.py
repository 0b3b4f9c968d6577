"""The first address: whoever signs in is taken to the page of their work."""

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from premises.models import Membership
from premises.roles import Role

# The first of a user's roles in this order says where they begin.
PAGES = (
    (Role.MANAGER, "admin:index"),
    (Role.AUDITOR, "admin:index"),
    (Role.GUARD, "console:screen"),
    (Role.RESIDENT, "residents:home"),
)


def front(request: HttpRequest) -> HttpResponseBase:
    return HttpResponseRedirect(address_of(request))


def address_of(request: HttpRequest) -> str:
    """Where the request's user works; the sign-in for who is nobody yet."""
    user = request.user
    if not user.is_authenticated:
        return reverse("account_login")
    if getattr(user, "is_superuser", False):
        return reverse("admin:index")
    held = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    # Who has no role yet is told so on the account's page.
    return next((reverse(page) for role, page in PAGES if role in held), reverse("account_home"))
