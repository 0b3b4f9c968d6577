"""`GET /check-license-plate/<plate>[,<plate>…]/<iso datetime>`, as existing clients speak it."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from access.api_uploads import SpeaksEnglish
from access.sightings import all_seen_since
from premises.api_filters import TimeError, parse_moment
from premises.tenancy import condominium_ids
from recognition import PlateError, normalise

MOST_PLATES = 100


class CheckView(SpeaksEnglish):
    """Was this plate seen since then? Old and Mercosul spellings are one vehicle. Needs `passages.view`."""

    permission = "passages.view"

    @extend_schema(
        operation_id="check_license_plate",
        parameters=[
            OpenApiParameter("plates", str, "path", description=f"Up to {MOST_PLATES} plates, by commas."),
            OpenApiParameter("since", datetime, "path", description="ISO 8601, with a zone."),
        ],
        responses=inline_serializer(
            "Sighting",
            {
                "detected": serializers.BooleanField(),
                "plate": serializers.CharField(),
                "time": serializers.CharField(
                    help_text="The latest sighting since then, in the zone that was asked in; empty if none."
                ),
            },
            many=True,
        ),
    )
    def get(self, request: Request, plates: str, since: str) -> Response:
        begin = read_moment(since)
        wanted = read_plates(plates)
        mine = list(condominium_ids(request.user, self.wanted()))
        seen = all_seen_since(mine, wanted, begin)
        return Response([sighting(plate, latest, begin) for plate, latest in zip(wanted, seen, strict=True)])


def sighting(plate: str, seen: datetime | None, begin: datetime) -> dict[str, Any]:
    if seen is None:
        return {"detected": False, "plate": plate, "time": ""}
    there = seen.astimezone(begin.tzinfo).replace(tzinfo=None)
    return {"detected": True, "plate": plate, "time": there.isoformat(timespec="seconds")}


def read_moment(text: str) -> datetime:
    try:
        return parse_moment(text)
    except TimeError as error:
        raise ValidationError({"time": [str(error)]}) from error


def read_plates(text: str) -> list[str]:
    """The plates in the order asked, normalised; raises `ValidationError` naming the first that is none."""
    asked = text.split(",")
    if len(asked) > MOST_PLATES:
        raise ValidationError({"plates": [f"Ask for {MOST_PLATES} plates at most; these are {len(asked)}."]})
    try:
        return [normalise(plate) for plate in asked]
    except PlateError as error:
        raise ValidationError({"plates": [str(error)]}, code=error.code) from error
