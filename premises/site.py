"""The admin site, entered by role."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from premises.grants import grants

View = Callable[..., HttpResponseBase]
OF_ACCOUNTS = ("account", "mfa", "usersessions")
# The rule that htmx puts into every page itself, of the theme's version of it.
HTMX_STYLE = "'sha256-bsV5JivYxvGywDAZ22EZJKBFip65Ng9xoJVLbBg7bdo='"
# The theme's Alpine evaluates what stands in attributes, and writes style attributes. No script and no sheet is inline.
loosened = csp_update(
    {"script-src": [UNSAFE_EVAL], "style-src-elem": [SELF, HTMX_STYLE], "style-src-attr": [UNSAFE_INLINE]}
)


class CondominiumAdminSite(UnfoldAdminSite):  # type: ignore[misc]
    """Open to active users who manage, guard or audit a condominium, and to superusers."""

    index_title = _("Today")

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """The theme's pages alone may do what the theme needs."""
        return loosened(super().admin_view(view, cacheable))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The theme's colours stand in a sheet of ours (premises/colours.css) instead of inline in every page."""
        return {**super().each_context(request), "colors": {}}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """There is one sign-in for all. Who is signed in already is let in, or told why not."""
        wanted = _next(request) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not self.has_permission(request):
            raise PermissionDenied(_("This account may not enter here. Ask the manager of your condominium."))
        return HttpResponseRedirect(wanted)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return LogoutView.as_view(next_page=settings.LOGOUT_REDIRECT_URL)(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """On the account's own pages, where it also ends other sessions and is told by mail."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Not what the library of the sign-in offers to edit: its owner does that on the account's own pages."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label not in OF_ACCOUNTS]
        super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return grants(request).enters

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The theme fails on a page that is no number, or that there is not."""
        try:
            return super().search(request, extra_context)  # type: ignore[no-any-return]
        except (ValueError, InvalidPage) as error:
            raise Http404 from error


def _next(request: HttpRequest) -> str:
    """Where somebody wanted to go, if it is here."""
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here else ""
