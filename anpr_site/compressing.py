"""Pages go out compressed: what a slow network carries is a quarter of it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """Pages only. An event stream would be held back until enough of it came together; pictures and archives gain
    nothing. What a compressed page's length could give away of a secret in it (BREACH) Django hides: the form's token
    is another one in each page, and each answer is longer by a few random bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
