"""A guest arrives: who lives in the host unit is told, once, in the own language, if wanted; nobody else is."""

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from py_vapid import b64urlencode

from access import visits
from access.arrivals import guest_arrived
from access.models import Decision, Direction, Lane
from access.vehicles import register_vehicle
from portal import arrivals
from portal.models import Notice, Preferences, PushSubscription
from portal.pushing import push
from portal.subscriptions import MOST, digest_of, subscribe, unsubscribe
from premises.models import Unit, User
from tests.portal.arriving import arrives
from tests.portal.conftest import SignedIn, resident

PLATE = "NBK5M67"


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """Decisions that the signal told of; the queue is not there in tests."""
    told: list[int] = []

    def hear(decision_id: int, **signal: object) -> None:
        told.append(decision_id)

    guest_arrived.disconnect(dispatch_uid="portal.arrivals")
    guest_arrived.connect(hear, weak=False, dispatch_uid="tests")
    yield told
    guest_arrived.disconnect(dispatch_uid="tests")
    guest_arrived.connect(arrivals.queue, dispatch_uid="portal.arrivals")


@pytest.fixture
def arrival(lane: Lane, unit: Unit, dora: User, emil: User, heard: list[int]) -> Decision:
    visits.announce(unit, PLATE, by=dora, holder="Marina", valid_until=timezone.now() + timedelta(hours=3))
    return arrives(lane, PLATE).decision


@pytest.mark.django_db(transaction=True)
def test_the_signal_tells_of_a_guest_who_was_let_in_and_of_nobody_else(
    lane: Lane, unit: Unit, arrival: Decision, heard: list[int]
) -> None:
    assert heard == [arrival.pk]
    register_vehicle(lane.condominium, "BRA2E19", by="tests", unit=unit)
    arrives(lane, "BRA2E19")
    arrives(lane, "XYZ9K87")
    Lane.objects.update(direction=Direction.OUT)
    arrives(Lane.objects.get(), PLATE)

    assert heard == [arrival.pk]


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_keeps_no_gate_closed(
    lane: Lane, unit: Unit, dora: User, heard: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**signal: object) -> None:
        raise RuntimeError("no")

    guest_arrived.connect(fail, weak=False, dispatch_uid="failing")
    visits.announce(unit, PLATE, by=dora, valid_until=timezone.now() + timedelta(hours=3))
    passage = arrives(lane, PLATE)
    guest_arrived.disconnect(dispatch_uid="failing")

    assert (passage.outcome, heard) == ("open", [passage.decision.pk])
    assert "An arrival was not told" in caplog.text


def test_all_of_the_home_are_told_once_and_the_neighbour_is_not(arrival: Decision, unit: Unit) -> None:
    resident("ida", unit)

    assert (arrivals.tell(arrival.pk), arrivals.tell(arrival.pk)) == (2, 0)

    assert [message.to for message in mail.outbox] == [["dora@example.org"], ["ida@example.org"]]
    assert mail.outbox[0].subject == "Marina has arrived"
    assert f"Marina ({PLATE}) has arrived: the plate was read at Entrada" in mail.outbox[0].body
    assert "A 101" in mail.outbox[0].body
    assert Notice.objects.exclude(mailed_at=None).count() == 2


def test_who_does_not_want_mail_gets_none(arrival: Decision, dora: User) -> None:
    Preferences.objects.create(user=dora, mail_arrivals=False)

    assert arrivals.tell(arrival.pk) == 1
    assert mail.outbox == []


def test_a_link_stands_in_it_where_the_site_knows_its_address(arrival: Decision, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://gate.example"
    arrivals.tell(arrival.pk)

    assert f"https://gate.example/my/passages/{arrival.passage_id}/" in mail.outbox[0].body


def test_a_name_cannot_write_headers(arrival: Decision) -> None:
    assert arrival.permit is not None
    arrival.permit.holder = "Eve\nBcc: all@example.org"
    arrival.permit.save()

    arrivals.tell(arrival.pk)

    assert mail.outbox[0].subject == "Eve Bcc: all@example.org has arrived"


def test_mail_that_cannot_be_sent_is_noted(arrival: Decision, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert arrivals.tell(arrival.pk) == 1
    assert Notice.objects.get().mailed_at is None
    assert "could not be sent" in caplog.text


def test_the_sweep_tells_what_nobody_told_and_leaves_old_news(arrival: Decision) -> None:
    assert arrivals.sweep() == 0  # it may be under way
    Decision.objects.update(at=timezone.now() - timedelta(minutes=1))
    assert (arrivals.sweep(), arrivals.sweep()) == (1, 0)
    Notice.objects.all().delete()
    Decision.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert arrivals.sweep() == 0


# --- notifications in browsers --------------------------------------------------------------------------


class Browser:
    """A browser's keys, and the push service that takes what is for it."""

    def __init__(self) -> None:
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.status = 201
        browser = self

        class Service(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                browser.take(dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(browser.status)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Service)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def keys(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": b64urlencode(point), "auth": b64urlencode(self.auth)}

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/send"

    def take(self, headers: dict[str, str], body: bytes) -> None:
        text = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        self.taken.append(json.loads(text))
        self.headers.append({name.lower(): value for name, value in headers.items()})


@pytest.fixture
def browser_of_dora(dora: User, settings: Any) -> Iterator[Browser]:
    """Subscribed past the look at its address, which lets no such one in."""
    out = StringIO()
    call_command("make_vapid_keys", stdout=out)
    told = dict(line.split("=", 1) for line in out.getvalue().split())
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = told["VAPID_PRIVATE_KEY"], told["VAPID_PUBLIC_KEY"]
    browser = Browser()
    PushSubscription.objects.create(
        user=dora, endpoint=browser.endpoint, endpoint_digest=digest_of(browser.endpoint), **browser.keys
    )
    yield browser
    browser.server.shutdown()
    browser.server.server_close()


def test_a_browser_is_told_encrypted_and_signed(arrival: Decision, browser_of_dora: Browser) -> None:
    arrivals.tell(arrival.pk)

    (message,) = browser_of_dora.taken
    assert message["title"] == "Marina has arrived"
    assert message["url"] == f"/my/passages/{arrival.passage_id}/"
    assert browser_of_dora.headers[0]["authorization"].startswith("vapid t=")
    assert Notice.objects.get(pushed=1).user.get_username() == "dora"


def test_who_does_not_want_notifications_gets_none(arrival: Decision, dora: User, browser_of_dora: Browser) -> None:
    Preferences.objects.create(user=dora, push_arrivals=False)
    arrivals.tell(arrival.pk)

    assert browser_of_dora.taken == []


@pytest.mark.parametrize(("status", "left"), [(404, 0), (410, 0), (500, 1), (429, 1)])
def test_a_browser_that_is_gone_is_forgotten(dora: User, browser_of_dora: Browser, status: int, left: int) -> None:
    browser_of_dora.status = status

    assert push(dora, {"title": "x"}) == 0
    assert PushSubscription.objects.count() == left


def test_without_keys_nothing_is_sent(dora: User, browser_of_dora: Browser, settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = ""

    assert (push(dora, {"title": "x"}), browser_of_dora.taken) == (0, [])


GOOD = "https://fcm.googleapis.com/fcm/send/abc"


def test_a_browser_subscribes_and_unsubscribes(signed_in: SignedIn, dora: User, emil: User) -> None:
    keys = Browser().keys
    client = signed_in(dora)
    told = {"endpoint": GOOD, "keys": keys}
    for _ in range(2):
        assert client.post("/my/push/", told, content_type="application/json").status_code == 204
    assert PushSubscription.objects.get().user == dora

    unsubscribe(emil, GOOD)
    assert PushSubscription.objects.exists()
    assert client.post("/my/push/off/", {"endpoint": GOOD}, content_type="application/json").status_code == 204
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://fcm.googleapis.com:8443/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com/" + "x" * 500,
        "https://[",
        "",
        None,
    ],
)
def test_only_push_services_that_are_known_are_sent_to(dora: User, endpoint: Any) -> None:
    with pytest.raises(ValidationError):
        subscribe(dora, {"endpoint": endpoint, "keys": {"p256dh": "A" * 87, "auth": "A" * 22}})
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("told", [None, [], "x", {}, {"endpoint": GOOD}, {"endpoint": GOOD, "keys": {"auth": "é"}}])
def test_what_is_no_subscription_is_refused(signed_in: SignedIn, dora: User, told: Any) -> None:
    answer = signed_in(dora).post("/my/push/", json.dumps(told), content_type="application/json")

    assert answer.status_code == 400


def test_one_person_has_so_many_browsers(dora: User) -> None:
    keys = {"p256dh": b64urlencode(b"\x04" + b"0" * 64), "auth": b64urlencode(b"0" * 16)}
    for number in range(MOST + 2):
        subscribe(dora, {"endpoint": f"{GOOD}{number}", "keys": keys})

    kept = PushSubscription.objects.order_by("pk").values_list("endpoint", flat=True)
    assert list(kept) == [f"{GOOD}{number}" for number in range(2, MOST + 2)]
