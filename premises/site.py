"""The admin site, entered by role."""

from collections.abc import Callable
from typing import Any

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from premises.grants import grants, read_grants

View = Callable[..., HttpResponseBase]
loosened = csp_update({"script-src": [UNSAFE_EVAL, UNSAFE_INLINE], "style-src": [UNSAFE_INLINE]})


class SignIn(AuthenticationForm):  # type: ignore[misc]
    """Asks for a role where Django's form asks for its staff flag."""

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        if not user.is_active or not read_grants(user).enters:
            raise ValidationError(
                _("This account may not enter here. Ask the manager of your condominium."), code="no_entry"
            )


class CondominiumAdminSite(UnfoldAdminSite):  # type: ignore[misc]
    """Open to active users who manage, guard or audit a condominium, and to superusers."""

    login_form = SignIn
    index_title = _("Today")

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """The theme evaluates expressions of its pages and styles elements by attribute: its pages alone may."""
        return loosened(super().admin_view(view, cacheable))

    @method_decorator(loosened)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return super().login(request, extra_context)  # type: ignore[no-any-return]

    def has_permission(self, request: HttpRequest) -> bool:
        return grants(request).enters

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The theme fails on a page that is no number, or that there is not."""
        try:
            return super().search(request, extra_context)  # type: ignore[no-any-return]
        except (ValueError, InvalidPage) as error:
            raise Http404 from error
