"""API clients and their tokens."""

import hashlib
import secrets
from collections.abc import Iterable

from django.utils import timezone

from premises.models import ApiClient, Condominium


def create_client(condominium: Condominium, name: str, scopes: Iterable[str]) -> tuple[ApiClient, str]:
    """A new client and its token, which is shown once: only its digest is kept."""
    client = ApiClient(condominium=condominium, name=name, scopes=list(scopes))
    token = renew_token(client)
    return client, token


def renew_token(client: ApiClient) -> str:
    """Give the client a new token and end the old one."""
    client.prefix = secrets.token_hex(4)
    token = f"{client.prefix}.{secrets.token_urlsafe(32)}"
    client.token_digest = _digest(token)
    client.save()
    return token


def find_client(token: str) -> ApiClient | None:
    """The active client whose token this is. Tokens are long and random, so a plain SHA-256 suffices."""
    client: ApiClient | None = ApiClient.objects.filter(prefix=token.partition(".")[0], is_active=True).first()
    if client is None or not secrets.compare_digest(client.token_digest, _digest(token)):
        return None
    ApiClient.objects.filter(pk=client.pk).update(last_used_at=timezone.now())
    return client


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
