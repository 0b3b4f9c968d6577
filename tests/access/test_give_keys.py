"""Tags and codes are given out and taken back; their digits are shown to nobody again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from access import keys
from access.keys import KeyRefusedError
from access.models import Key, Vehicle
from gates.models import Gate
from premises.models import Condominium, JournalEntry, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("188,24910", "12345678"),
        ("188 24910", "12345678"),
        ("188:24910", "12345678"),
        ("0012345678", "12345678"),
        (" 12345678 ", "12345678"),
        ("4294967295", "4294967295"),
    ],
)
def test_a_tag_is_entered_as_it_is_printed(typed: str, kept: str) -> None:
    assert keys.tag_digits(typed) == kept


@pytest.mark.parametrize("typed", ["", "0", "abc", "4294967296", "300,1", "1,70000", "12345678901", "-5", "１２３"])
def test_what_is_no_tag_is_refused(typed: str) -> None:
    with pytest.raises(KeyRefusedError) as raised:
        keys.tag_digits(typed)
    assert raised.value.field == "number"


@pytest.mark.parametrize("typed", ["1234", "12345", "12345678901", "12a456", "111111", "123456", "987654", "121212"])
def test_a_code_that_would_be_guessed_is_refused(typed: str) -> None:
    with pytest.raises(KeyRefusedError):
        keys.code_digits(typed)


def test_a_code_is_drawn_and_told_once(condominium: Condominium, alice: User) -> None:
    key, code = keys.give_code(condominium, "The cleaner", by=alice)
    assert (len(code), code.isdecimal(), keys.is_guessed(code)) == (6, True, False)
    assert code not in f"{key} {key.ending}"
    entry = JournalEntry.objects.get(action="key.given")
    assert code not in f"{entry.subject} {entry.data}"


def test_digits_are_encrypted_and_their_digest_is_not_found_by_trying(condominium: Condominium, alice: User) -> None:
    key, code = keys.give_code(condominium, "The cleaner", by=alice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digits, digest FROM access_key WHERE id = %s", [key.pk])
        digits, digest = cursor.fetchone()
    assert code not in digits
    assert digest == keys.digest_of("code", code)
    assert Key.objects.get().digits == code


def test_a_tag_is_registered_once(condominium: Condominium, alice: User) -> None:
    keys.give_tag(condominium, "188,24910", "Alice", by=alice)
    with pytest.raises(KeyRefusedError, match="registered already: tag …678 · Alice"):
        keys.give_tag(condominium, "12345678", "Bob", by=alice)


def test_another_condominium_may_have_the_same_tag(
    condominium: Condominium, elsewhere: Condominium, alice: User, charlie: User
) -> None:
    keys.give_tag(condominium, "1", "Alice", by=alice)
    keys.give_tag(elsewhere, "1", "Charlie", by=charlie)


def test_whose_a_code_is_nobody_finds_out_by_trying(condominium: Condominium, alice: User) -> None:
    keys.give_code(condominium, "The cleaner", by=alice, code="482916")
    with pytest.raises(KeyRefusedError) as raised:
        keys.give_code(condominium, "Another", by=alice, code="482916")
    assert "cleaner" not in str(raised.value)


def test_a_tag_that_was_taken_back_may_be_given_to_another(condominium: Condominium, alice: User) -> None:
    first = keys.give_tag(condominium, "1", "Alice", by=alice)
    keys.end(first, by=alice, reason="moved away")
    keys.give_tag(condominium, "1", "Bob", by=alice)
    assert Key.objects.count() == 2
    assert (first.ended_because, first.holds_at(timezone.now())) == ("moved away", False)


def test_it_is_taken_back_once(condominium: Condominium, alice: User) -> None:
    key = keys.give_tag(condominium, "1", "Alice", by=alice)
    keys.end(key, by=alice)
    with pytest.raises(KeyRefusedError):
        keys.end(key, by=alice)
    assert JournalEntry.objects.filter(action="key.ended").count() == 1


def test_the_guard_gives_none_out_and_takes_none_back(condominium: Condominium, alice: User, bob: User) -> None:
    key = keys.give_tag(condominium, "1", "Alice", by=alice)
    with pytest.raises(PermissionDenied):
        keys.give_tag(condominium, "2", "Bob", by=bob)
    with pytest.raises(PermissionDenied):
        keys.end(key, by=bob)


def test_charlie_gives_none_out_here(condominium: Condominium, charlie: User) -> None:
    with pytest.raises(PermissionDenied):
        keys.give_tag(condominium, "1", "Charlie", by=charlie)


def test_a_key_is_not_tied_to_another_condominiums_rows(
    condominium: Condominium, elsewhere: Condominium, alice: User
) -> None:
    gate = Gate.objects.create(condominium=elsewhere, name="Theirs")
    vehicle = Vehicle.objects.create(condominium=elsewhere, plate="ABC1D23")
    with pytest.raises(ValidationError):
        keys.give_tag(condominium, "1", "Alice", by=alice, gates=[gate])
    with pytest.raises(ValidationError):
        keys.give_tag(condominium, "1", "Alice", by=alice, vehicle=vehicle)
    assert Key.objects.count() == 0


def test_an_end_before_the_beginning_is_refused(condominium: Condominium, alice: User) -> None:
    now = timezone.now()
    with pytest.raises(ValidationError):
        keys.give_tag(condominium, "1", "Alice", by=alice, valid_from=now, valid_until=now)


def test_charlie_sees_none_of_them(condominium: Condominium, alice: User, bob: User, charlie: User) -> None:
    keys.give_tag(condominium, "1", "Alice", by=alice)
    assert [Key.objects.restrict(each).count() for each in (alice, bob, charlie)] == [1, 1, 0]
