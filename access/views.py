"""Evidence pictures, served to who may see them. They have no public address."""

from typing import get_args

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from access import evidence
from access.looking import looked_at
from access.models import Detection, OpeningPhoto
from premises.viewsets import TenantView

TYPES = {b"\x89PNG": "image/png"}


class Evidence(TenantView):
    """A picture of a detection: the whole frame, the plate cut out of it, or a smaller one for lists or a screen."""

    permission = "passages.view"
    # A page of passages shows fifty pictures at once; what is counted is the page.
    throttle_classes = ()

    @extend_schema(
        parameters=[OpenApiParameter("part", str, "path", enum=get_args(evidence.Kind))],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int, part: evidence.Kind) -> HttpResponseBase:
        mine = Detection.objects.restrict(request.user).select_related("passage")
        detection = get_object_or_404(mine, pk=pk)
        if part not in get_args(evidence.Kind):
            raise Http404
        data = evidence.read(detection, part)
        if data is None:
            raise Http404
        if part != "thumb":
            looked_at(detection.passage, by=self.actor)
        return picture(data)


class PhotoOfOpening(TenantView):
    """The photo that was kept of an opening by hand."""

    permission = "passages.view"
    throttle_classes = ()

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, command: str) -> HttpResponseBase:
        photo = get_object_or_404(OpeningPhoto.objects.restrict(request.user), command_id=command)
        with photo.frame.open() as file:
            return picture(file.read())


def picture(data: bytes) -> HttpResponse:
    """Evidence never changes, so a browser may keep it for a while; not for the next person at it, nor a proxy."""
    response = HttpResponse(data, content_type=TYPES.get(data[:4], "image/jpeg"))
    response["Cache-Control"] = "private, max-age=300"
    response["X-Content-Type-Options"] = "nosniff"
    return response
