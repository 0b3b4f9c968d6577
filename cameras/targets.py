"""Whom to ask and as whom: a recorder, or a camera that stands alone, in one shape."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cameras.models import Camera, Recorder


@dataclass(frozen=True)
class Target:
    """A device on the network. `key` names it in slots and in what was learned of it."""

    key: str
    base: str
    user: str
    password: str = field(repr=False)
    verify_tls: bool = True


def of_recorder(recorder: Recorder) -> Target:
    scheme = "https" if recorder.use_https else "http"
    host = f"[{recorder.host}]" if ":" in recorder.host else recorder.host
    return Target(
        f"recorder-{recorder.pk}",
        f"{scheme}://{host}:{recorder.port}",
        recorder.username,
        recorder.password or "",
        recorder.verify_tls,
    )


def of_camera(camera: Camera) -> tuple[Target, str]:
    """The device of a camera with its own address, and the path of its picture."""
    parts = urlsplit(camera.url)
    target = Target(f"camera-{camera.pk}", f"{parts.scheme}://{parts.netloc}", camera.username, camera.password or "")
    return target, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
