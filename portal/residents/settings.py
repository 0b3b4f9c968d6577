"""The settings page, notifications of this browser, signing out."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from access.households import Home
from portal.preferences import preferences_of
from portal.pushing import is_configured
from portal.residents.forms import PreferencesForm, sent
from portal.residents.homes import at_home
from portal.residents.homes import shown as page
from portal.subscriptions import subscribe, unsubscribe

# Passkeys, password, e-mail, sessions: the account's own page.
ACCOUNT_PAGE = "/accounts/"
LONGEST_BODY = 4096


@at_home
def preferences(request: HttpRequest, home: Home) -> HttpResponse:
    wanted = preferences_of(home.user)
    form = PreferencesForm(**sent(request), instance=wanted)
    if request.method == "POST" and form.is_valid():
        form.save()
        return _saved(request, form.cleaned_data["language"])
    context = {
        "form": form,
        "account": ACCOUNT_PAGE,
        "push_key": settings.VAPID_PUBLIC_KEY if is_configured() else "",
    }
    return page(request, home, "settings", context)


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    """The language holds for the next page already, and for what is sent."""
    with translation.override(language or settings.LANGUAGE_CODE):
        messages.success(request, _("Saved."))
    response = HttpResponseRedirect(reverse("residents:settings"))
    if language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax")
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


@at_home
@require_POST
def push_on(request: HttpRequest, home: Home) -> HttpResponse:
    """Take in this browser's subscription, as JSON."""
    try:
        subscribe(home.user, _body(request))
    except ValidationError as error:
        return JsonResponse({"problem": " ".join(error.messages)}, status=400)
    return HttpResponse(status=204)


@at_home
@require_POST
def push_off(request: HttpRequest, home: Home) -> HttpResponse:
    told = _body(request)
    unsubscribe(home.user, str(told.get("endpoint", "")) if isinstance(told, dict) else "")
    return HttpResponse(status=204)


def _body(request: HttpRequest) -> object:
    """The JSON of a request; nothing where it is none."""
    if len(request.body) > LONGEST_BODY:
        return None
    try:
        return json.loads(request.body)
    except ValueError:
        return None


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, and nothing of it left in this browser."""
    logout(request)
    response = HttpResponseRedirect(reverse("home"))
    response["Clear-Site-Data"] = '"cache"'
    return response
