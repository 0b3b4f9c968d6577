"""What of a list's row can be taken."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from access.list_report import RowError
from access.list_rows import Entry
from access.models import PLATE_PROBLEMS
from recognition import PlateError, canonical, is_possible

LIMITS = {"owner": 120, "block": 20, "unit": 20, "make": 60, "colour": 30, "phone": 30, "email": 254, "note": 200}


def key_of_plate(entry: Entry) -> str:
    """Raises `RowError` for what cannot be a plate."""
    try:
        return canonical(entry.plate)
    except PlateError as error:
        raise RowError(error.code, str(PLATE_PROBLEMS.get(error.code, error))) from error


def check_possible(entry: Entry) -> None:
    if not is_possible(entry.plate):
        raise RowError(
            "impossible", _("No country we know gives out such a plate. Register it by hand if it is right.")
        )


def check_texts(entry: Entry) -> None:
    for name, limit in LIMITS.items():
        if len(getattr(entry, name)) > limit:
            raise RowError("too_long_text", _("“%(text)s…” is too long.") % {"text": getattr(entry, name)[:30]})
    if entry.email:
        _check_email(entry.email)


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise RowError("email", _("“%(email)s” is no e-mail address.") % {"email": email}) from error
