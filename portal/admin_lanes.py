"""A lane's admin page with the drawing of its region of interest: the picture's page is a face, and so stands here."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.admin_devices import LaneAdmin
from access.models import Lane
from access.regions import percents, region_of
from premises.roles import Permission
from premises.theme import action, display


class DrawnLaneAdmin(LaneAdmin):
    actions_detail: Any = ("region", *LaneAdmin.actions_detail)
    readonly_fields = (*LaneAdmin.readonly_fields, "region_shown")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A lane that is not there yet has no picture to draw on."""
        sets = super().get_fieldsets(request, obj)
        return [*sets, (gettext_lazy("Region of interest"), {"fields": ("region_shown",)})] if obj else list(sets)

    @display(description=gettext_lazy("plates are read in"))
    def region_shown(self, row: Lane) -> str:
        if region_of(row.region) is None:
            return _("the whole picture")
        left, top, width, height = percents(row.region)
        said = _("%(width)s %% of its width from %(left)s %%, %(height)s %% of its height from %(top)s %%")
        return said % {"left": left, "top": top, "width": width, "height": height}

    @action(description=gettext_lazy("Region of interest"), icon="crop_free", permissions=["lane_pages"])
    def region(self, request: HttpRequest, object_id: str) -> HttpResponse:
        lane: Lane = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        return HttpResponseRedirect(reverse("setup:drawing", args=[lane.pk]))
