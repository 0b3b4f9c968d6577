"""A plate drawn as a plate."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recognition import match_format

STYLES = {"br_mercosul": "mercosul", "br_old": "old", "ar_mercosul": "mercosul", "py_mercosul": "mercosul"}
BANDS = {"br_mercosul": "BRASIL", "ar_mercosul": "ARGENTINA", "py_mercosul": "PARAGUAY"}


def plate(text: str, *, large: bool = False, struck: bool = False) -> SafeString:
    """The plate as HTML: Mercosul with its blue band, the old Brazilian one grey with its dash, others plain.

    `struck` crosses it out: what was read before somebody corrected it.
    """
    if not text:
        return format_html('<span class="plate plate-none">{}</span>', _("no plate"))
    known = match_format(text)
    name = known.name if known else ""
    classes = ["plate", f"plate-{STYLES.get(name, 'plain')}"]
    classes += ["plate-large"] if large else []
    classes += ["plate-struck"] if struck else []
    return format_html(
        '<span class="{}"><span class="plate-band" aria-hidden="true">{}</span>'
        '<span class="plate-text">{}</span></span>',
        " ".join(classes),
        BANDS.get(name, ""),
        f"{text[:3]}-{text[3:]}" if name == "br_old" else text,
    )


def picture_of(plate: str) -> str:
    """What a picture shows, for who does not see it."""
    return _("picture of %(plate)s") % {"plate": plate} if plate else _("picture without a plate")
