"""A drawn vehicle before a lane's camera, sent as a camera sends it and read by the default engine."""

from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from access.models import Lane, Passage
from cameras.drawing.scenes import Place, encode, render
from cameras.drawing.vehicles import Vehicle as Drawn
from premises import clients
from premises.roles import Permission


def drawn(plate: str) -> bytes:
    """A JPEG of a car with that plate, near."""
    return encode(render(Place(), Drawn(plate), 1.0, datetime(2026, 11, 21, 12, tzinfo=UTC)))


def arrives(lane: Lane, plate: str) -> Passage:
    """A car arrives where none stood lately; the passage that it became."""
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Passage.objects.update(opened_at=an_hour_ago, last_seen_at=an_hour_ago, ended_at=an_hour_ago)
    _client, token = clients.create_client(lane.condominium, f"camera {Passage.objects.count()}", Permission.values)
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    picture = SimpleUploadedFile("car.jpg", drawn(plate), "image/jpeg")
    answer = api.post("/upload-camera-image", {"image": picture, "lane": lane.pk}, format="multipart")
    assert answer.status_code == 200, answer.content
    return Passage.objects.latest("opened_at")
