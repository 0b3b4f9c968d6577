"""A kept file handed out piece by piece: an archive may be larger than a server's memory."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.core.files import File
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse


class Pieces:
    """What a response iterates, and closes when it is done."""

    def __init__(self, file: "File[bytes]") -> None:
        self.file = file

    def close(self) -> None:
        self.file.close()


class Now(Pieces):
    """For a server that waits, as that of the tests does."""

    def __iter__(self) -> Iterator[bytes]:
        return self.file.chunks()


class Later(Pieces):
    """For a server that awaits: it would otherwise read all of it into memory first."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = self.file.chunks()
        following: Callable[[], bytes] = partial(next, pieces, b"")
        while piece := await sync_to_async(following)():
            yield piece


def streamed(request: HttpRequest, file: "File[bytes]", name: str) -> StreamingHttpResponse:
    """A ZIP as a download that no cache on the way keeps."""
    pieces: Any = Later(file) if isinstance(request, ASGIRequest) else Now(file)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
