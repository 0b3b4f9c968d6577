"""Gathering all that is kept about a person or a plate into one archive."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from access import about, evidence, keepers, pictures_shown
from access.drafts import Draft
from access.models import Passage, SubjectRequest
from access.subject_requests import check_may, check_open, note, open_rows
from access.subjects import Subject, subject_of
from premises.models import User

README = Path(__file__).with_name("archive_texts") / "LEIA-ME.txt"
# Whoever the archive is for reads this.
LANGUAGE = "pt-br"
MANIFEST = "manifest.json"


class LocalTimes(DjangoJSONEncoder):
    """Times as the clock on the condominium's wall showed them, with their difference to UTC."""

    def default(self, o: Any) -> Any:
        return timezone.localtime(o).isoformat() if isinstance(o, datetime) else super().default(o)


@dataclass
class Archive:
    """A ZIP that is being written, and what is in it."""

    zipped: zipfile.ZipFile
    files: list[dict[str, Any]] = field(default_factory=list)

    def put(self, name: str, data: bytes, **more: Any) -> None:
        self.zipped.writestr(name, data)
        self.files.append({"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), **more})

    def put_json(self, name: str, said: Any) -> None:
        self.put(name, json.dumps(said, cls=LocalTimes, indent=1, ensure_ascii=False).encode())


def gather(request: SubjectRequest, *, by: User) -> SubjectRequest:
    """Write the archive of an open request, in place of one that was made before. All at once: for tests and commands.

    Raises `PermissionDenied`, and `RequestError` where the request is closed.
    """
    check_may(by, request, "privacy.view")
    check_open(request)
    draft = Draft.begin(request)
    try:
        add(draft, request, passages_of(request))
        return finish(draft, request, by=by)
    finally:
        draft.remove()


def passages_of(request: SubjectRequest) -> QuerySet[Passage]:
    rows = subject_of(request).passages.select_related("lane", "decision")
    return rows.order_by("opened_at", "pk")


def add(draft: Draft, request: SubjectRequest, passages: Iterable[Passage]) -> None:
    """Some passages with their pictures into the draft. Nothing of anybody else is in it."""
    subject = subject_of(request)
    with as_told(request), draft.zipped() as zipped, draft.lines("a") as lines:
        for passage in passages:
            archive = Archive(zipped)
            told = _passage(archive, subject, passage)
            lines.write(json.dumps({"told": told, "files": archive.files}, cls=LocalTimes) + "\n")


def finish(draft: Draft, request: SubjectRequest, *, by: User) -> SubjectRequest:
    """The rest, and the manifest; the request then has the archive."""
    now = timezone.now()
    with draft.lines("r") as lines:
        added = [json.loads(line) for line in lines]
    with as_told(request), draft.zipped() as zipped:
        archive = Archive(zipped, [file for each in added for file in each["files"]])
        _write_rest(archive, request, subject_of(request), [each["told"] for each in added])
        _put_manifest(archive, request, now)
    with draft.opened() as file:
        _keep(request, file, now, by, len(added))
    return request


@contextmanager
def as_told(request: SubjectRequest) -> Iterator[None]:
    """In the language of whom the archive is for, by the condominium's clock."""
    with translation.override(LANGUAGE), timezone.override(ZoneInfo(request.condominium.time_zone)):
        yield


def _write_rest(archive: Archive, request: SubjectRequest, subject: Subject, told: list[Any]) -> None:
    entries = about.entries_about(subject)
    archive.put("LEIA-ME.txt", README.read_bytes())
    archive.put_json("person.json", about.person(subject))
    archive.put_json("vehicles.json", about.vehicles(subject))
    archive.put_json("watchlist.json", about.watchlist(subject))
    archive.put("passages.csv", about.table(passages_of(request)).encode("utf-8-sig"))
    archive.put_json("passages.json", told)
    for file, said in keepers.tell(subject).items():
        archive.put_json(file, said)
    archive.put_json("journal.json", about.journal(subject, entries))
    archive.put_json("who-looked.json", about.who_looked(entries))


def _passage(archive: Archive, subject: Subject, passage: Passage) -> dict[str, Any]:
    detections = list(passage.detections.select_related("camera"))
    for detection in detections:
        for kind in ("frame", "crop"):
            if shown := pictures_shown.alone(detection, kind):
                name = f"pictures/{passage.pk}/{detection.pk}-{kind}.jpg"
                archive.put(name, shown.data, **shown.noted)
    return {**about.passage(subject, passage), "reads": [about.read(detection) for detection in detections]}


def _put_manifest(archive: Archive, request: SubjectRequest, now: datetime) -> None:
    archive.put_json(
        MANIFEST,
        {
            "condominium": request.condominium.name,
            "request": request.pk,
            "asked": request.get_kind_display(),
            "opened_at": request.opened_at,
            "gathered_at": now,
            "files": list(archive.files),
        },
    )


def _keep(request: SubjectRequest, file: IO[bytes], now: datetime, by: User, count: int) -> None:
    """The row changes when the new archive is on disk; the one before it goes when the row has changed."""
    before = request.archive.name or ""
    archive = File(file)
    digest = _digest(archive)
    request.archive.save("archive.zip", archive, save=False)
    change = {"archive": request.archive.name, "archive_digest": digest, "gathered_at": now}
    with transaction.atomic():
        kept = open_rows(request).update(**change)
        if kept:
            note(request, "gathered", by=by, passages=count, sha256=digest)
    evidence.remove([], [before if kept else str(request.archive.name)])
    request.refresh_from_db()
    check_open(request)


def _digest(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
