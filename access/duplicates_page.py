"""The page of what needs an eye: the same plate, the same person or nearly the same plate in two units."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.duplicates import doubts_of
from premises import pages
from premises.models import Condominium


def duplicates_page(request: HttpRequest) -> HttpResponse:
    own = list(Condominium.objects.restrict(request.user))
    if not own:
        raise PermissionDenied
    asked = request.GET.get("condominium", "")
    chosen = own if len(own) == 1 else [each for each in own if str(each.pk) == asked]
    return pages.show(
        request,
        "access/duplicates.html",
        title=_("Duplicates and look-alikes"),
        found=doubts_of(chosen[0]) if chosen else None,
        others=own if len(own) > 1 else [],
        back=reverse("admin:access_vehicle_changelist"),
    )
