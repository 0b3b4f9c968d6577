"""What every API address answers where something is wrong: JSON with one sentence, a code, and the right status.

    {"message": "plate: A plate has at least 4 characters.", "code": "invalid", "errors": {"plate": ["…"]}}

`errors` is there for bad input only, by field.
"""

import logging
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

log = logging.getLogger("premises.api")

WHOLE = "non_field_errors"


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("This conflicts with something that is there already.")
    default_code = "conflict"


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is too large.")
    default_code = "too_large"


class Unavailable(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = _("A part of the site does not answer. Try again in a while.")
    default_code = "unavailable"


class LengthRequired(APIException):
    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_detail = _("Say how long the body is (Content-Length); it is not taken in chunks.")
    default_code = "length_required"


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler of exceptions; None, a mistake of ours, goes on to the site's page for status 500."""
    known = _translated(exception)
    response = exception_handler(known, context)
    if response is not None:
        response.data = _body(known, response.data)
    return response


def _translated(exception: Exception) -> Exception:
    """Exceptions of Django that are somebody's mistake, as the answers they deserve."""
    if isinstance(exception, ProtectedError):
        return Conflict(_in_use(exception.protected_objects))
    if isinstance(exception, RestrictedError):
        return Conflict(_in_use(exception.restricted_objects))
    if isinstance(exception, OperationalError | RedisError):
        log.error("the database or the cache does not answer", exc_info=exception)
        return Unavailable()
    if isinstance(exception, IntegrityError):
        return Conflict()
    if isinstance(exception, ModelError):
        return as_bad_input(exception)
    if isinstance(exception, RequestDataTooBig):
        return TooLarge()
    return ParseError() if isinstance(exception, SuspiciousOperation) else exception


def as_bad_input(error: ModelError) -> ValidationError:
    """What a model's checks found wrong, by field."""
    errors = as_serializer_error(error)
    return ValidationError({WHOLE if name == NON_FIELD_ERRORS else name: said for name, said in errors.items()})


def _in_use(rows: set[Any]) -> str:
    kinds = sorted({str(row._meta.verbose_name_plural) for row in rows})
    return _("This is still in use by: %(kinds)s. Remove or change those first.") % {"kinds": ", ".join(kinds)}


def _body(exception: Exception, data: Any) -> dict[str, Any]:
    """Sentences are translated here, while the request's language holds, not when the answer is written."""
    if isinstance(exception, ValidationError):
        errors = data if isinstance(data, dict) else {WHOLE: data}
        return {"message": first_sentence(errors), "code": "invalid", "errors": errors}
    detail: Any = data.get("detail", "")
    return {"message": str(detail), "code": getattr(detail, "code", "error")}


def first_sentence(errors: Any, path: str = "") -> str:
    """The first error of a nested answer, with the path of its field: "owner.name: This field is required."."""
    if isinstance(errors, dict):
        name, inner = next(iter(errors.items()), ("", ""))
        return first_sentence(inner, path if name == WHOLE else f"{path}.{name}".lstrip("."))
    if isinstance(errors, list):
        return first_sentence(next((error for error in errors if error), ""), path)
    return f"{path}: {errors}" if path else str(errors)
