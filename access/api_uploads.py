"""`POST /upload-camera-image`, as existing clients speak it: every answer is English and has a message."""

import logging
from typing import Any, cast

from django.conf import settings
from django.utils import translation
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from access import uploads
from access.models import Lane
from premises.api_errors import TooLarge, Unavailable
from premises.viewsets import TenantView
from recognition import EngineError, ImageError

logger = logging.getLogger("access")

UNREADABLE = "The recognition chosen for this lane cannot run on this site; its manager finds the reason in the log."
HOW = "Send the picture, a JPEG or PNG, as multipart/form-data in a field named image."


class SpeaksEnglish(TenantView):
    """What a contract spells out is not translated."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with translation.override("en"):
            return super().dispatch(request, *args, **kwargs)


class UploadView(SpeaksEnglish):
    """Read the plate of a picture and record the passage. Needs `pictures.upload`."""

    permission = "pictures.upload"
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="upload_camera_image",
        request={
            "multipart/form-data": inline_serializer(
                "Upload",
                {"image": serializers.ImageField(), "lane": serializers.IntegerField(required=False)},
            )
        },
        responses={
            200: inline_serializer(
                "UploadAnswer",
                {
                    "message": serializers.CharField(help_text="License plate AB1234CD found"),
                    "status": serializers.IntegerField(help_text="200: found; 404: no plate in the picture"),
                },
            ),
            400: OpenApiResponse(description="No picture, or none that can be read: `message` says why."),
            413: OpenApiResponse(description="Too many bytes."),
            503: OpenApiResponse(description="The lane's recognition cannot run here; the site's log says why."),
        },
    )
    def post(self, request: Request) -> Response:
        data = sent_picture(request)
        lane = self.lane(cast(dict[str, Any], request.data).get("lane"))
        try:
            answer = uploads.read_upload(
                self.actor, data, lane=lane, condominium=lane.condominium if lane else self.condominium()
            )
        except ImageError as error:
            raise ValidationError({"image": [str(error)]}, code=error.code) from error
        except EngineError as error:  # its message names folders of the server
            logger.error("An uploaded picture was not read: %s", error)
            raise Unavailable(UNREADABLE) from error
        if answer.plate is None:
            return Response({"message": "No license plate found", "status": 404})
        return Response({"message": f"License plate {answer.plate} found", "status": 200})

    def lane(self, named: Any) -> Lane | None:
        if named in (None, ""):
            return None
        mine = Lane.objects.restrict(self.request.user, self.wanted()).select_related("condominium")
        lane = mine.filter(pk=named).first() if str(named).isdecimal() else None
        if lane is None:
            raise ValidationError({"lane": ["There is no such lane."]})
        return lane


def sent_picture(request: Request) -> bytes:
    """The bytes of the field `image`; raises `ValidationError` or `TooLarge`."""
    try:
        file = request.FILES.get("image")
    except UnsupportedMediaType as error:
        raise ValidationError({"image": [HOW]}) from error
    if file is None:
        raise ValidationError({"image": [HOW]})
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(f"A picture may have {settings.UPLOAD_MAX_BYTES} bytes at most.")
    return bytes(file.read())
