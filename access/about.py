"""What is kept about somebody, as it is told to that person: never anything of anybody else.

What is told is named here field by field, so that a field somebody adds elsewhere does not get out by itself. A unit
and an owner are told only to the person whose name it is.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.forms.models import model_to_dict
from django.utils import timezone

from access import reasons
from access.models import Detection, Passage, Permit, Vehicle, WatchlistEntry
from access.shown import outcome_words
from access.story import decision_of
from access.subjects import Subject
from gates.models import GateCommand
from premises import journal_words
from premises.models import JournalEntry, Membership

# Of a decision and of an entry's details: nothing that may name another vehicle or its people.
FACTS = ("registered", "kind", "lane", "gate", "lanes", "since", "until")
DETAILS = ("outcome", "reason", "lane", "policy", "pictures", "score", "problem", "fields", "engine", "picture_sha256")
LOOKS = ("passage.viewed", "owner.looked_up")


def person(subject: Subject) -> dict[str, Any]:
    row = subject.person
    if row is None:
        return {}
    roles = Membership.objects.filter(person=row).select_related("user")
    return {
        **model_to_dict(row, ["name", "email", "phone", "note"]),
        "unit": str(row.unit or ""),
        "accounts": [{"user": str(each.user), "role": each.get_role_display()} for each in roles],
    }


def vehicles(subject: Subject) -> list[dict[str, Any]]:
    return [_vehicle(subject, row) for row in subject.vehicles.prefetch_related("permits__lanes", "permits__windows")]


def _vehicle(subject: Subject, row: Vehicle) -> dict[str, Any]:
    # A note about a vehicle of which nobody said whose it is may be about anybody.
    note = {"note": row.note} if subject.person else {}
    told = {"plate": row.plate, "make": row.make, "colour": row.colour, "registered_at": row.created_at, **note}
    return {**told, "permits": [_permit(permit) for permit in row.permits.all()]}


def _permit(permit: Permit) -> dict[str, Any]:
    return {
        "kind": permit.get_kind_display(),
        "lanes": [lane.name for lane in permit.lanes.all()],
        "hours": [str(window) for window in permit.windows.all()],
        "valid_from": permit.valid_from,
        "valid_until": permit.valid_until,
        "active": permit.is_active,
        "given_at": permit.created_at,
    }


def watchlist(subject: Subject) -> list[dict[str, Any]]:
    entries = WatchlistEntry.objects.filter(condominium_id=subject.condominium_id, plate_key__in=subject.keys)
    return [
        {"plate": each.plate, "why": each.get_kind_display(), "since": each.created_at, "active": each.is_active}
        for each in entries
    ]


def passage(subject: Subject, row: Passage) -> dict[str, Any]:
    return {
        "id": row.pk,
        "lane": row.lane.name,
        "seen_at": row.opened_at,
        "last_seen_at": row.last_seen_at,
        "plate": row.shown_plate,
        "read_as": row.plate,
        "certainty": row.score,
        "pictures": row.frames,
        **_whose(subject, row),
        "decision": _decision(subject, row),
        "gate": [_command(each) for each in GateCommand.objects.filter(passage_id=row.pk).order_by("requested_at")],
    }


def _whose(subject: Subject, row: Passage) -> dict[str, str]:
    mine = subject.person is not None and row.owner_name == subject.person.name[:120]
    return {"owner": row.owner_name, "unit": row.unit_name} if mine else {}


def _decision(subject: Subject, row: Passage) -> dict[str, Any]:
    decision = decision_of(row)
    if decision is None:
        return {}
    facts = {**_only(FACTS, decision.facts), **_whose(subject, row), "plate": row.shown_plate}
    return {
        "outcome": decision.get_outcome_display(),
        "why": decision.get_reason_display(),
        "sentence": reasons.sentence(decision.reason, facts),
        "at": decision.at,
        "policy": decision.policy_words,
        "weighed": {key: share for key, share in decision.facts.get("shares", {}).items() if key in subject.keys},
    }


def _command(command: GateCommand) -> dict[str, Any]:
    """Without its reason: who opens by hand may name anybody there."""
    times = ("requested_at", "sent_at", "accepted_at", "pulsed_at", "confirmed_at", "ended_at")
    told = {name: getattr(command, name) for name in times}
    return {"state": command.get_state_display(), "asked_by": command.requested_by_name, **told}


def read(detection: Detection) -> dict[str, Any]:
    names = ("taken_at", "text", "box", "probabilities", "score", "frame_digest", "engine", "engine_version")
    return {"id": detection.pk, "camera": detection.camera.name, **{name: getattr(detection, name) for name in names}}


def table(passages: Iterable[Passage]) -> str:
    """The passages as a table that a spreadsheet opens."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(["data e hora", "pista", "placa", "decisão"])
    for row in passages:
        rows.writerow(
            [
                timezone.localtime(row.opened_at).isoformat(" ", "seconds"),
                row.lane.name,
                row.shown_plate,
                outcome_words(row),
            ]
        )
    return out.getvalue()


def entries_about(subject: Subject) -> list[JournalEntry]:
    """Journal entries of their passages, and those of no passage that bear their plate or name."""
    mine = JournalEntry.objects.filter(condominium_id=subject.condominium_id)
    named = mine.filter(subject__in=subject.plates, passage_id=None)
    if subject.name:
        named |= mine.filter(subject=subject.name, action__startswith="person.")
    found = named | mine.filter(passage_id__in=subject.passages.values("pk"))
    return list(found.order_by("sequence"))


def journal(subject: Subject, entries: Iterable[JournalEntry]) -> list[dict[str, Any]]:
    return [
        {
            **_entry(entry),
            "about": entry.subject if entry.subject in subject.written else "",
            "details": _only(DETAILS, entry.data) if entry.action == "passage.decided" else {},
            "digest": entry.digest,
        }
        for entry in entries
    ]


def who_looked(entries: Iterable[JournalEntry]) -> list[dict[str, Any]]:
    return [_entry(entry) for entry in entries if entry.action in LOOKS]


def _entry(entry: JournalEntry) -> dict[str, Any]:
    return {
        "number": entry.sequence,
        "at": entry.at,
        "who": entry.actor,
        "what": journal_words.words(entry.action),
        "passage": entry.passage_id,
    }


def _only(names: Iterable[str], data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}
