"""`manage.py make_vapid_keys`: the pair of keys with which this installation sends notifications to browsers."""

import base64
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management.base import BaseCommand
from py_vapid import Vapid02


class Command(BaseCommand):
    help = "Print a new pair of keys for web push, as lines for the environment. Keep the private one secret."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = Vapid02()
        keys.generate_keys()
        number = keys.private_key.private_numbers().private_value
        point = keys.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.stdout.write(f"VAPID_PRIVATE_KEY={_text(number.to_bytes(32, 'big'))}")
        self.stdout.write(f"VAPID_PUBLIC_KEY={_text(point)}")


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
