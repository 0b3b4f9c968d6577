"""Answers where no view answered: JSON for programs, Django's pages for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

PROGRAMS = ("/api/", "/upload-camera-image", "/check-license-plate")


@csrf_exempt
def no_such_address(request: HttpRequest) -> JsonResponse:
    """The last address below /api/, with DEBUG on too."""
    message = _("There is no such address. The addresses of the API end without a slash: see /api/docs/.")
    return JsonResponse({"message": message, "code": "not_found"}, status=404)


def _for_programs(request: HttpRequest, status: int, message: str, code: str) -> HttpResponse | None:
    if not request.path.startswith(PROGRAMS):
        return None
    return JsonResponse({"message": message, "code": code}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    answer = _for_programs(request, 400, _("The request is malformed."), "bad_request")
    return answer or defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    answer = _for_programs(request, 404, _("There is no such address."), "not_found")
    return answer or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    message = _("An error on our side. It has been written into the log.")
    return _for_programs(request, 500, message, "error") or defaults.server_error(request)
