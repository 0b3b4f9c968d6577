"""The fourth step: the part of the picture in which plates are read, drawn on it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from access import engines, lanes, regions
from access.models import Lane
from access.plate_html import plate
from access.reasons import why_unread
from cameras.snapshots import Frame, SnapshotError, test_connection
from portal.setup import pictures
from portal.setup.entering import lane_of, show, user_of
from portal.setup.steps import Sitting
from premises import pages
from premises.templatetags.cancela import percent
from recognition import EngineError, ImageError, Look, decode_image

SIDES = ("left", "top", "width", "height")


class RegionForm(forms.Form):
    """The four sides in hundredths of the picture, as a person types them and the script writes them."""

    left = forms.FloatField(label=_("From the left (%)"), min_value=0, max_value=100)
    top = forms.FloatField(label=_("From the top (%)"), min_value=0, max_value=100)
    width = forms.FloatField(label=_("Width (%)"), min_value=1, max_value=100)
    height = forms.FloatField(label=_("Height (%)"), min_value=1, max_value=100)

    def shares(self) -> list[float]:
        return [self.cleaned_data[side] / 100 for side in SIDES]


def page(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """The step of the first sitting."""
    return _page(request, lane_of(sitting), sitting.address("gate"), partial(show, request, sitting, "region"))


def drawing(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """The same for a lane that is set up already: from its own page, and back to that."""
    lane = lane_of(sitting)
    back = reverse("admin:access_lane_change", args=[lane.pk])
    title = _("Region of interest: %(lane)s") % {"lane": lane}
    shows = partial(pages.show, request, "portal/setup/region.html", title=title, back=back, alone=True)
    return _page(request, lane, back, shows)


def _page(request: HttpRequest, lane: Lane, after: str, shows: Callable[..., HttpResponse]) -> HttpResponse:
    form = RegionForm(request.POST or None, initial=dict(zip(SIDES, regions.percents(lane.region), strict=True)))
    for name, field in form.fields.items():
        field.widget.attrs |= {"step": "0.1", "data-side": name, "inputmode": "decimal"}
    tried: dict[str, Any] = {}
    if form.is_valid() and _drawn(request, lane, form):
        if "next" in request.POST:
            return HttpResponseRedirect(after)
        tried = _tried(request, lane, read="read" in request.POST)
    picture = pictures.kept(lane)
    return shows(lane=lane, form=form, picture=picture, box=_box(lane, picture), **tried)


def _drawn(request: HttpRequest, lane: Lane, form: RegionForm) -> bool:
    try:
        lanes.draw_region(lane, form.shares(), by=user_of(request))
    except ValidationError as problem:
        form.add_error(None, problem.messages)
        return False
    if "next" in request.POST:
        messages.success(request, _("The region is kept."))
    return True


def _box(lane: Lane, picture: pictures.Shown | None) -> Any:
    """The region in pixels of the picture that is shown."""
    whole = regions.Region(*(lane.region or regions.WHOLE))
    return whole.pixels(picture.width, picture.height) if picture else None


def _tried(request: HttpRequest, lane: Lane, *, read: bool) -> dict[str, Any]:
    """A new picture, and what is read in it within the region."""
    try:
        frame = test_connection(lane.camera, user_of(request))
        pictures.keep(lane, frame)
        return _read(lane, frame) if read else {}
    except SnapshotError as error:
        return {"trouble": pictures.trouble(error)}
    except EngineError as error:
        return {"trouble": pictures.Trouble(_("The lane's recognition cannot be loaded: %(why)s") % {"why": error}, "")}
    except ImageError as error:
        return {"trouble": pictures.Trouble(str(error), "")}


def _read(lane: Lane, frame: Frame) -> dict[str, Any]:
    image, engine = decode_image(frame.data), engines.engine(lane.engine)
    look = regions.look_in(regions.region_of(lane.region), image, engine)
    everywhere = engine.look(image) if lane.region else look
    left_out = {each.text for each in everywhere.reads} - {each.text for each in look.reads}
    why = why_unread(look.unread) if look.unread else ""
    return {
        "was_read": True,
        "reads": _plates(look),
        "left_out": [plate(text) for text in sorted(left_out)],
        "why": why,
    }


def _plates(look: Look) -> list[tuple[SafeString, str]]:
    return [(plate(read.text), percent(read.certainty)) for read in look.reads]
