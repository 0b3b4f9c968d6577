"""What makes the pages an app on a phone: manifest, service worker, the page without a connection."""

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

STATIC = (
    "portal/residents/residents.js",
    "portal/residents/offline.js",
    "premises/icon.svg",
)
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))


def manifest(request: HttpRequest) -> JsonResponse:
    icons = [
        {
            "src": static(f"portal/residents/icon-{size}{'-maskable' if purpose == 'maskable' else ''}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in ICONS
    ]
    told = {
        "id": reverse("residents:home"),
        "name": _("Cancela: my home"),
        "short_name": "Cancela",
        "description": _("Vehicles, guests and passages of your home."),
        "lang": get_language(),
        "start_url": reverse("residents:home"),
        "scope": reverse("residents:home"),
        "display": "standalone",
        "background_color": "#f8fafc",
        "theme_color": "#1d4ed8",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")


@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker with the list of what it keeps. Another list, or look, is another version,
    which takes the old one's place."""
    shell = [reverse("residents:offline"), *map(static, STATIC)]
    told = [shell, get_language(), *settings.INLINE_SHEETS.values()]
    version = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]
    context = {"shell": json.dumps(shell), "version": version, "offline": shell[0]}
    return render(request, "portal/residents/sw.js", context, content_type="text/javascript")


def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody: it is kept in the browser, so that nothing of anybody stands in it."""
    return render(request, "portal/residents/offline.html")
