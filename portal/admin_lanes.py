"""A lane's admin page with the drawing of its region of interest: the picture's page is a face, and so stands here."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.admin_devices import LaneAdmin
from access.models import Lane
from access.regions import percents, region_of
from premises.roles import Permission
from premises.theme import display


class DrawnLaneAdmin(LaneAdmin):
    readonly_fields = (*LaneAdmin.readonly_fields, "region_shown", "region_drawn")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A lane that is not there yet has no picture to draw on."""
        sets = list(super().get_fieldsets(request, obj))
        if obj is None:
            return sets
        field = "region_drawn" if self.may(request, Permission.CHANGE_DEVICES, obj) else "region_shown"
        return [*sets, (gettext_lazy("Region of interest"), {"fields": (field,)})]

    @display(description=gettext_lazy("plates are read in"))
    def region_shown(self, row: Lane) -> str:
        if region_of(row.region) is None:
            return _("the whole picture")
        left, top, width, height = percents(row.region)
        said = _("%(width)s %% of its width from %(left)s %%, %(height)s %% of its height from %(top)s %%")
        return said % {"left": left, "top": top, "width": width, "height": height}

    @display(description=gettext_lazy("plates are read in"))
    def region_drawn(self, row: Lane) -> str:
        """With the button that leads to the picture. Above the page there is no room for a sixth."""
        address = reverse("setup:drawing", args=[row.pk])
        button = '{} <a class="cancela-button" href="{}">{}</a>'
        return format_html(button, self.region_shown(row), address, _("Draw on the picture"))
