"""Headers that Django has no setting for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# A page of ours may ask for the camera (a plate is photographed) and for passkeys; none asks for more, nor may a frame.
POLICY = ", ".join(
    (
        "camera=(self)",
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
        *(f"{name}=()" for name in ("geolocation", "microphone", "payment", "serial", "usb", "hid", "display-capture")),
    )
)


class PermissionsPolicy:
    """Says on every answer what its page may ask the browser for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response
