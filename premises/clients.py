"""API clients and their tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from premises.models import ApiClient, Condominium
from premises.roles import Permission

# "Last used" is written at most so often: a request that only reads shall not have to write.
USE_NOTED_EVERY = timedelta(minutes=1)


def create_client(condominium: Condominium, name: str, scopes: Iterable[str]) -> tuple[ApiClient, str]:
    """A new client and its token, which is shown once: only its digest is kept.

    Raises `ValueError` for a scope that is no word of `Permission`.
    """
    scopes = list(scopes)
    if unknown := set(scopes) - set(Permission.values):
        raise ValueError(f"There is no such scope: {', '.join(sorted(unknown))}")
    client = ApiClient(condominium=condominium, name=name, scopes=scopes)
    token = renew_token(client)
    return client, token


def renew_token(client: ApiClient) -> str:
    """Give the client a new token and end the old one."""
    client.prefix = secrets.token_hex(4)
    token = f"{client.prefix}.{secrets.token_urlsafe(32)}"
    client.token_digest = digest_of(token)
    client.save()
    return token


def find_client(token: str) -> ApiClient | None:
    """The active client whose token this is. Tokens are long and random, so a plain SHA-256 suffices."""
    client: ApiClient | None = ApiClient.objects.filter(prefix=token.partition(".")[0], is_active=True).first()
    if client is None or not secrets.compare_digest(client.token_digest, digest_of(token)):
        return None
    _note_use(client)
    return client


def _note_use(client: ApiClient) -> None:
    now = timezone.now()
    if client.last_used_at is None or now - client.last_used_at > USE_NOTED_EVERY:
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)


def digest_of(token: str) -> str:
    """What is kept of a token. Tokens are long and random, so a plain SHA-256 suffices."""
    return hashlib.sha256(token.encode()).hexdigest()
