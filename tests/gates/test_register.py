"""A controller is registered, provisioned, given new secrets, and taken out of service."""

import json
from pathlib import Path

import bcrypt
import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from gates import controllers, provisioning
from gates.controllers import Credentials
from gates.hashes import pbkdf2_hash
from gates.models import Controller
from premises.models import Condominium, JournalEntry, User

pytestmark = pytest.mark.django_db(transaction=True)


def test_its_secrets_are_random_and_long(condominium: Condominium) -> None:
    _, one = controllers.register(condominium, "One", "board-1")
    _, other = controllers.register(condominium, "Other", "board-2")
    assert (len(bytes.fromhex(one.key)), len(one.password)) == (32, 32)
    assert len({one.key, other.key, one.password, other.password}) == 4


def test_its_key_is_encrypted_at_rest_and_its_password_hashed(controller: Controller, credentials: Credentials) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gates_controller")
        row = " ".join(map(str, cursor.fetchone()))
    assert credentials.key not in row
    assert credentials.password not in row
    assert Controller.objects.get().key == credentials.key
    assert bcrypt.checkpw(credentials.password.encode(), controller.broker_bcrypt.encode())


def test_a_hash_for_mosquitto_has_its_spelling() -> None:
    _, seven, rounds, salt, digest = pbkdf2_hash("a password").split("$")
    assert (seven, rounds, len(salt), len(digest)) == ("7", "101", 16, 88)


@pytest.mark.parametrize("device", ["", "a", "UP", "with space", "a/b", "a.b", "+", "#", "é1", "x" * 41])
def test_a_device_name_is_nothing_that_a_topic_reads_as_syntax(device: str, condominium: Condominium) -> None:
    with pytest.raises(ValidationError):
        controllers.register(condominium, "One", device)
    assert Controller.objects.count() == 0


def test_a_device_name_is_taken_once_in_all_condominiums(controller: Controller, elsewhere: Condominium) -> None:
    with pytest.raises(ValidationError):
        controllers.register(elsewhere, "Mine", "board-1")


def test_no_controller_may_be_called_as_the_server_is(condominium: Condominium) -> None:
    with pytest.raises(ValidationError):
        controllers.register(condominium, "Mine", "cancela")


def test_a_restart_of_the_server_is_not_needed_where_no_embedded_broker_runs(controller: Controller) -> None:
    controllers.revoke(controller)
    controller.refresh_from_db()
    assert (controller.is_active, controller.online) == (False, False)


def test_everything_done_to_it_is_in_the_journal(condominium: Condominium, alice: User) -> None:
    controller, _ = controllers.register(condominium, "One", "board-1", by=alice)
    controllers.rotate(controller, by=alice)
    controllers.revoke(controller, by=alice)
    entries = JournalEntry.objects.order_by("sequence").values_list("action", "actor", "subject")
    assert list(entries) == [
        ("controller.registered", "alice", "One"),
        ("controller.rotated", "alice", "One"),
        ("controller.revoked", "alice", "One"),
    ]


def test_the_journal_keeps_no_secret(controller: Controller, credentials: Credentials) -> None:
    text = json.dumps(list(JournalEntry.objects.values_list("data", flat=True)))
    assert text == '[{"device": "board-1"}]'


def test_new_secrets_end_the_old_ones(controller: Controller, credentials: Credentials) -> None:
    fresh = controllers.rotate(controller)
    stored = Controller.objects.get()
    assert (stored.key, stored.online, stored.session) == (fresh.key, False, "")
    assert fresh.key != credentials.key
    assert not bcrypt.checkpw(credentials.password.encode(), stored.broker_bcrypt.encode())


def test_the_boards_file_is_for_its_owner_only(credentials: Credentials, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("an older one, readable by all")
    provisioning.write_config(credentials, path, host="192.0.2.1", port=1883, wifi=None)
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == {
        "device": "board-1",
        "key": credentials.key,
        "broker": {"host": "192.0.2.1", "port": 1883, "password": credentials.password, "tls": False},
    }


def test_a_controller_is_registered_from_the_command_line(
    condominium: Condominium, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.json"
    call_command("register_controller", "acacias", "board-9", "--host", "192.0.2.1", "--config", str(path))
    controller = Controller.objects.get(device="board-9")
    assert json.loads(path.read_text())["key"] == controller.key
    assert controller.key not in capsys.readouterr().out


def test_the_command_line_names_what_is_wrong(condominium: Condominium, tmp_path: Path) -> None:
    path = str(tmp_path / "config.json")
    with pytest.raises(CommandError, match="no condominium called nowhere"):
        call_command("register_controller", "nowhere", "board-9", "--host", "h", "--config", path)
    with pytest.raises(CommandError, match="Lower-case letters"):
        call_command("register_controller", "acacias", "BOARD", "--host", "h", "--config", path)
