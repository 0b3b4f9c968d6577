"""The duty at the gatehouse: taken over, with notes that stand until they are done, and passages turned away."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Passage
from portal.models import Note, Shift, TurnedAway
from premises import journal
from premises.models import Condominium, User
from premises.tenancy import allows


class DutyError(ValueError):
    """What cannot be done at the gatehouse now; the message is for people."""


def on_duty(condominium: Condominium | int) -> Shift | None:
    """The shift that is under way."""
    condominium_id = condominium if isinstance(condominium, int) else condominium.pk
    return Shift.objects.filter(condominium_id=condominium_id, ended_at=None).first()


def take_over(condominium: Condominium, *, by: User, note: str = "") -> Shift:
    """End the shift under way and begin one's own, perhaps with a note for later.

    Raises `DutyError` where `by` is on duty already or somebody else took over this moment, and `PermissionDenied`.
    """
    _check(by, condominium.pk)
    now = timezone.now()
    try:
        with transaction.atomic():
            before = _end(condominium, by, now)
            name = journal.name_of(by)
            shift = Shift.objects.create(condominium=condominium, guard=by, guard_name=name[:150], began_at=now)
            journal.record(condominium, "shift.taken_over", actor=by, subject=name, data={"from": before})
            if note.strip():
                leave_note(condominium, note, by=by)
    except IntegrityError as error:
        raise DutyError(_("Somebody else took over this very moment.")) from error
    return shift


def _end(condominium: Condominium, by: User, now: datetime) -> str:
    """Who was on duty until now; empty where nobody was."""
    before = on_duty(condominium)
    if before is None:
        return ""
    if before.guard_id == by.pk:
        raise DutyError(_("You are on duty already."))
    if not Shift.objects.filter(pk=before.pk, ended_at=None).update(ended_at=now):
        raise DutyError(_("Somebody else took over this very moment."))
    return before.guard_name


def leave_note(condominium: Condominium, text: str, *, by: User) -> Note:
    """Write something down for whoever comes next. Raises `DutyError` for nothing or too much, `PermissionDenied`."""
    _check(by, condominium.pk)
    text = text.strip()
    if not text:
        raise DutyError(_("Write what the note says."))
    if len(text) > 300:
        raise DutyError(_("A note has at most 300 characters."))
    with transaction.atomic():
        note = Note.objects.create(
            condominium=condominium, text=text, by_name=journal.name_of(by)[:150], at=timezone.now()
        )
        journal.record(condominium, "note.left", actor=by, data={"note": note.pk})
    return note


@transaction.atomic
def finish_note(note: Note, *, by: User) -> bool:
    """Take a note off the list; False where somebody did so before. Raises `PermissionDenied`."""
    _check(by, note.condominium_id)
    standing = Note.objects.filter(pk=note.pk, done_at=None)
    if not standing.update(done_at=timezone.now(), done_by_name=journal.name_of(by)[:150]):
        return False
    journal.record(note.condominium_id, "note.done", actor=by, data={"note": note.pk})
    return True


@transaction.atomic
def turn_away(passage: Passage, *, by: User) -> bool:
    """Put a passage away without opening; False where that was done before. The decision stays as it was.

    Raises `PermissionDenied`: who may open a gate may also leave it closed.
    """
    if not allows(by, "gates.open", passage.condominium_id):
        raise PermissionDenied(_("You may not open this gate."))
    _row, created = TurnedAway.objects.get_or_create(
        passage=passage,
        defaults={
            "condominium_id": passage.condominium_id,
            "by_name": journal.name_of(by)[:150],
            "at": timezone.now(),
        },
    )
    if created:
        plate, condominium_id = passage.shown_plate, passage.condominium_id
        journal.record(condominium_id, "passage.turned_away", actor=by, subject=plate, passage_id=passage.pk)
    return created


def _check(by: User, condominium_id: int) -> None:
    if not allows(by, "duty.change", condominium_id):
        raise PermissionDenied(_("You have no duty at this condominium's gatehouse."))
