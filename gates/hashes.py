"""Password hashes in the spellings of the two brokers.

The passwords are random and long, so the number of rounds buys nothing; few rounds let many boards reconnect at once.
"""

import base64
import hashlib
import secrets

import bcrypt

BCRYPT_ROUNDS = 4
PBKDF2_ITERATIONS = 101  # what mosquitto_passwd writes


def bcrypt_hash(password: str) -> str:
    """For NATS."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(BCRYPT_ROUNDS)).decode()


def pbkdf2_hash(password: str) -> str:
    """For Mosquitto 2: `$7$iterations$salt$hash`, PBKDF2-HMAC-SHA512, base64."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, PBKDF2_ITERATIONS)
    fields = ["$7", str(PBKDF2_ITERATIONS), *(base64.b64encode(part).decode() for part in (salt, digest))]
    return "$".join(fields)
