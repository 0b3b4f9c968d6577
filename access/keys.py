"""Keys given out and taken back: tags by their number, codes that are drawn and shown once."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypedDict, Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from access.models import Key, KeyKind, Vehicle
from gates import key_lists
from gates.models import Controller, Gate
from premises import journal
from premises.journal import Actor
from premises.models import Condominium, Person, Unit
from premises.tenancy import TenantModel, allows

CODE_DIGITS = 6
LONGEST_CODE = 10
MOST = 2**32 - 1
# A card has both printed on it: 0012345678  188,24910
PAIR = re.compile(r"(\d{1,3})[,:.\- ](\d{1,5})")


class KeyRefusedError(ValueError):
    """A key that cannot be. `field` names what is wrong; the message is for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Details(TypedDict, total=False):
    """Whose it is, and how long it is good for."""

    unit: Unit | None
    person: Person | None
    vehicle: Vehicle | None
    valid_from: datetime | None
    valid_until: datetime | None
    note: str


def give_tag(
    condominium: Condominium,
    number: str,
    holder: str,
    *,
    by: Actor,
    gates: Sequence[Gate] = (),
    **details: Unpack[Details],
) -> Key:
    """Register a tag. Raises `KeyRefusedError`, `ValidationError`, and `PermissionDenied` where `by` may not."""
    digits = tag_digits(number)
    key = Key(condominium=condominium, kind=KeyKind.TAG, holder=holder.strip(), ending=digits[-3:], **details)
    return _give(key, digits, by, gates)


def give_code(
    condominium: Condominium,
    holder: str,
    *,
    by: Actor,
    code: str = "",
    gates: Sequence[Gate] = (),
    **details: Unpack[Details],
) -> tuple[Key, str]:
    """Register a code, drawn where none is wished for. It is returned now and shown to nobody again.

    Raises as `give_tag` does.
    """
    digits = code_digits(code) if code else _drawn(condominium)
    key = Key(condominium=condominium, kind=KeyKind.CODE, holder=holder.strip(), **details)
    return _give(key, digits, by, gates), digits


def end(key: Key, *, by: Actor, reason: str = "") -> None:
    """Take a key back; boards that are heard strike it out at once. Raises `KeyRefusedError` where it had ended."""
    _check_may(by, key.condominium)
    with transaction.atomic():
        change = {"ended_at": timezone.now(), "ended_because": reason.strip()[:200]}
        if not Key.objects.filter(pk=key.pk, ended_at=None).update(**change):
            raise KeyRefusedError("state", _("This key was taken back already."))
        key.refresh_from_db(fields=list(change))
        journal.record(key.condominium_id, "key.ended", actor=by, subject=str(key), data={"reason": key.ended_because})
        _tell_boards(key.condominium_id)


@transaction.atomic
def _give(key: Key, digits: str, by: Actor, gates: Sequence[Gate]) -> Key:
    _check_may(by, key.condominium)
    _check_tenant(key, gates)
    key.digits, key.digest = digits, digest_of(key.kind, digits)
    key.full_clean(exclude=["digits"], validate_constraints=False)
    check_free(key.condominium_id, key.kind, digits)
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError as error:  # somebody was as quick
        raise KeyRefusedError("number", _("This number is registered already.")) from error
    key.gates.set(gates)
    journal.record(key.condominium_id, "key.given", actor=by, subject=str(key), data=_said(key, gates))
    _tell_boards(key.condominium_id)
    return key


def _said(key: Key, gates: Sequence[Gate]) -> dict[str, object]:
    return {"kind": key.kind, "gates": [str(gate) for gate in gates], "until": key.valid_until}


def _check_may(by: Actor, condominium: Condominium) -> None:
    if not isinstance(by, str) and not allows(by, "registry.change", condominium.pk):
        raise PermissionDenied(_("You may not change the keys of this condominium."))


def _check_tenant(key: Key, gates: Sequence[Gate]) -> None:
    rows: list[TenantModel | None] = [key.unit, key.person, key.vehicle, *gates]
    if any(row is not None and row.condominium_id != key.condominium_id for row in rows):
        raise ValidationError(_("This belongs to another condominium."))


def check_free(condominium_id: int, kind: str, digits: str) -> None:
    """Raises `KeyRefusedError` where a living key has these digits.

    Of a tag one hears whose it is; of a code not: it would be found out by trying.
    """
    twins = Key.objects.filter(condominium_id=condominium_id, digest=digest_of(kind, digits), ended_at=None)
    twin = twins.defer("digits").first()
    if twin and kind == KeyKind.CODE:
        raise KeyRefusedError("number", _("This code cannot be used. Choose another, or let one be drawn."))
    if twin:
        raise KeyRefusedError("number", _("This tag is registered already: %(key)s.") % {"key": twin})


def _tell_boards(condominium_id: int) -> None:
    for controller in Controller.objects.filter(condominium_id=condominium_id, is_active=True, key_list__isnull=False):
        _push_later(controller)


def _push_later(controller: Controller) -> None:
    transaction.on_commit(lambda: key_lists.push(controller), robust=True)


# --- digits ---------------------------------------------------------------------------------------------


def digest_of(kind: str, digits: str) -> str:
    """By which the registry finds a key's twin. With our secret: a code's few digits are tried out in no time."""
    return salted_hmac("access.keys", f"{kind}:{digits}", algorithm="sha256").hexdigest()


def tag_digits(text: str) -> str:
    """A tag's number as readers say it: a decimal number, or facility and number as printed (188,24910)."""
    text = text.strip()
    if pair := PAIR.fullmatch(text):
        facility, number = map(int, pair.groups())
        if facility < 256 and number < 65536:
            return str(facility * 65536 + number)
    elif text.isascii() and text.isdecimal() and len(text) <= 10 and 0 < int(text) <= MOST:
        return str(int(text))
    raise KeyRefusedError("number", _("Enter the number printed on the tag, as 0012345678 or as 188,24910."))


def code_digits(text: str) -> str:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and CODE_DIGITS <= len(text) <= LONGEST_CODE):
        words = {"least": CODE_DIGITS, "most": LONGEST_CODE}
        raise KeyRefusedError("number", _("A code has %(least)d to %(most)d digits.") % words)
    if is_guessed(text):
        raise KeyRefusedError("number", _("This code would be guessed: its digits are alike, or in a row."))
    return text


def is_guessed(digits: str) -> bool:
    """Whether it is among those that people try first."""
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    return len(set(digits)) <= 2 or steps in ({1}, {-1})


def _drawn(condominium: Condominium) -> str:
    while True:
        digits = "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))
        taken = Key.objects.filter(condominium=condominium, digest=digest_of(KeyKind.CODE, digits), ended_at=None)
        if not is_guessed(digits) and not taken.exists():
            return digits
