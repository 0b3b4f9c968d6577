"""A photo of a plate, sent before the form: answered as JSON, kept nowhere."""

import logging

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from access.households import Home
from access.plate_photos import LONGEST_BYTES, PlatePhoto, read_photo
from portal.residents.forms import Photographed
from portal.residents.homes import at_home
from portal.residents.rates import within
from recognition import EngineError

logger = logging.getLogger("portal")

AN_HOUR = 60


def photo_of(request: HttpRequest, who: str) -> PlatePhoto:
    """What the photo of a request says; `who` sends it is counted."""
    photo = request.FILES.get("photo")
    if not isinstance(photo, UploadedFile):
        return PlatePhoto(problem=_("Choose a photo first."))
    if not within(f"photo-{who}", AN_HOUR):
        return PlatePhoto(problem=_("That were very many photos. Type the plate, or wait an hour."))
    if (photo.size or 0) > LONGEST_BYTES:
        return PlatePhoto(problem=_("The photo is too large. Take a smaller one, or type the plate."))
    try:
        return read_photo(photo.read())
    except EngineError as error:
        logger.error("Photos of plates are not read: %s", error)
        return PlatePhoto(problem=_("Photos cannot be read just now. Please type the plate."))


def filled_in(form: Photographed, read: PlatePhoto) -> None:
    """Show the form once more with the plate that was read, for a browser that cannot ask beforehand."""
    given = {name: form.data[name] for name in form.data}
    form.data = {**given, "plate": read.plates[0] if read.plates else ""}
    form.errors.clear()
    form.add_error("plate", read.problem or _("Is this the plate? Check it, and send it once more."))


def answer(read: PlatePhoto) -> JsonResponse:
    return JsonResponse({"plates": read.plates, "sure": read.is_sure, "problem": read.problem})


@at_home
def read_plate(request: HttpRequest, home: Home) -> JsonResponse:
    if request.method != "POST":
        return JsonResponse({}, status=405)
    return answer(photo_of(request, f"user-{home.user.pk}"))
