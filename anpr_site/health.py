"""`GET /health/`: whether the parts that every request needs answer. For supervisors; it tells no details."""

import logging
import secrets
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger("anpr_site.health")


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def cache_answers() -> bool:
    """What is written comes back: a server that only refuses to write is no cache either."""
    word = secrets.token_hex(8)
    cache.set(f"health-{word}", word, timeout=5)
    return bool(cache.get(f"health-{word}") == word)


PARTS: dict[str, Callable[[], bool]] = {"database": database_answers, "cache": cache_answers}


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    failing = [name for name, answers in PARTS.items() if not _works(name, answers)]
    if failing:
        return JsonResponse({"status": "failing", "failing": failing}, status=503)
    return JsonResponse({"status": "ok"})


def _works(name: str, answers: Callable[[], bool]) -> bool:
    try:
        return answers()
    except Exception as error:  # noqa: BLE001  # whatever a driver raises: the part does not work
        log.warning("health: %s: %s", name, error)
        return False
