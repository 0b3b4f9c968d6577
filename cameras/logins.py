"""Logging in over HTTP: read what the device asks for, answer with the best of it. No network here."""

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.request import parse_http_list, parse_keqv_list

HASHES = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass(frozen=True)
class Challenge:
    """What a device wants to be answered. `scheme` is "digest" or "basic"."""

    scheme: str
    realm: str = ""
    nonce: str = ""
    opaque: str = ""
    algorithm: str = "MD5"
    qop: str = ""
    stale: bool = False


def best(headers: Iterable[str]) -> Challenge | None:
    """The best challenge of the WWW-Authenticate headers: digest before basic; None where we know none.

    Basic is taken only where no digest is offered at all: a digest that we cannot compute is no reason
    to send the password itself.
    """
    offers = [header.strip().partition(" ") for header in headers]
    digests = [rest for scheme, _, rest in offers if scheme.lower() == "digest"]
    if digests:
        known = [challenge for rest in digests if (challenge := _digest_challenge(rest))]
        return max(known, key=lambda challenge: challenge.algorithm == "SHA-256", default=None)
    return next((Challenge("basic") for scheme, _, _ in offers if scheme.lower() == "basic"), None)


def _digest_challenge(rest: str) -> Challenge | None:
    said = {name.lower(): value for name, value in _pairs(rest).items()}
    algorithm = said.get("algorithm", "MD5").upper()
    offered = [kind.strip() for kind in said.get("qop", "").split(",")]
    if algorithm not in HASHES or not said.get("nonce") or ("qop" in said and "auth" not in offered):
        return None
    return Challenge(
        "digest",
        realm=said.get("realm", ""),
        nonce=said["nonce"],
        opaque=said.get("opaque", ""),
        algorithm=algorithm,
        qop="auth" if "qop" in said else "",
        stale=said.get("stale", "").lower() == "true",
    )


def _pairs(rest: str) -> dict[str, str]:
    return parse_keqv_list([part for part in parse_http_list(rest) if "=" in part])


def answer(challenge: Challenge, user: str, password: str, target: str, count: int = 1) -> str:
    """The Authorization header for a GET of `target` (path with query).

    `count` is how often the nonce has been used, this time included (RFC 7616, section 3.4).
    """
    if challenge.scheme == "basic":
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    cnonce, turn = secrets.token_hex(8), f"{count:08x}"

    def hashed(text: str) -> str:
        return hashlib.new(HASHES[challenge.algorithm], text.encode(), usedforsecurity=False).hexdigest()

    key, request = hashed(f"{user}:{challenge.realm}:{password}"), hashed(f"GET:{target}")
    middle = f"{turn}:{cnonce}:{challenge.qop}:" if challenge.qop else ""
    response = hashed(f"{key}:{challenge.nonce}:{middle}{request}")
    parts = {"username": user, "realm": challenge.realm, "nonce": challenge.nonce, "uri": target}
    parts |= {"response": response} | ({"opaque": challenge.opaque} if challenge.opaque else {})
    said = ", ".join(f'{name}="{_escaped(value)}"' for name, value in parts.items())
    counted = f', qop={challenge.qop}, nc={turn}, cnonce="{cnonce}"' if challenge.qop else ""
    return f"Digest {said}, algorithm={challenge.algorithm}{counted}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
