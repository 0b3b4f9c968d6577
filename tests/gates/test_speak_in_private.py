"""Over TLS: server and board speak to a broker whose certificate they can check, and to no other."""

import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gates import commands
from gates.broker import BrokerError, publisher
from gates.controllers import Credentials
from gates.models import Controller, Gate
from tests.gates.parts import Broker, Ears, Firmware
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def certificate(folder: Path, name: str) -> Path:
    """A certificate of 127.0.0.1, signed by itself: NAME.pem, NAME.der and NAME.key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("127.0.0.1")]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / f"{name}.der").write_bytes(made.public_bytes(serialization.Encoding.DER))
    pem = folder / f"{name}.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return pem


class PrivateBroker(Broker):
    def __init__(self, folder: Path, settings: Any) -> None:
        super().__init__(folder, settings)
        self.certificate = certificate(folder, "broker")
        settings.MQTT_URL = settings.MQTT_URL.replace("mqtt://", "mqtts://")

    def command(self) -> list[str]:
        command = super().command()
        path = Path(command[-1])
        config = json.loads(path.read_text())
        config["mqtt"]["tls"] = {
            "cert_file": str(self.certificate),
            "key_file": str(self.certificate.with_suffix(".key")),
        }
        path.write_text(json.dumps(config))
        return command


@pytest.fixture
def private(registered: object, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    with PrivateBroker(tmp_path, settings) as broker:
        monkeypatch.setenv("SSL_CERT_FILE", str(broker.certificate))
        yield broker
    publisher.close()


def trusting(credentials: Credentials, broker: Any, folder: Path, ca: Path) -> Firmware:
    firmware = Firmware(folder, credentials, broker.port)
    place = {"host": "127.0.0.1", "port": broker.port, "password": credentials.password}
    firmware.change(broker=place | {"tls": True, "ca": str(ca)})
    return firmware


def test_an_opening_over_tls(
    gate: Gate, controller: Controller, credentials: Credentials, private: Any, tmp_path: Path
) -> None:
    ca = private.certificate.with_suffix(".der")
    with Ears() as ears, trusting(credentials, private, tmp_path, ca) as firmware:
        ears.until_online(controller)
        command = commands.request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "pulsed")
        assert len(firmware.pulses()) == 1


def test_a_board_does_not_give_its_password_to_another_broker(
    credentials: Credentials, private: Any, tmp_path: Path
) -> None:
    ca = certificate(tmp_path, "somebody").with_suffix(".der")
    with trusting(credentials, private, tmp_path, ca) as firmware:
        wait_for(lambda: firmware.output().count("link: down") >= 2)
        assert "link: up" not in firmware.output()


# paho leaves a socket whose handshake failed to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nor_does_the_server(private: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path, "somebody")))
    with pytest.raises(BrokerError, match="certificate verify failed"):
        publisher.publish("gates/board-1/cmd", b"{}")
