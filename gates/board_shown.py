"""What a board cannot promise, in words beside a sign; and what the server keeps in its place."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gates.dialects import DIALECTS
from gates.models import Controller


def promises(controller: Controller | None) -> SafeString | str:
    """For the page of a controller or of its gate."""
    if controller is None:
        return ""
    if controller.is_signed:
        whole = _("All of them: signed, used once, expiring, acknowledged. It is one of Cancela's own boards.")
        return format_html('<span class="cancela-promise">{} {}</span>', _sign("verified_user"), whole)
    missing = DIALECTS[controller.dialect].lacking(controller.board)
    lines = format_html_join("", "<li>{} <span>{}</span></li>", ((_sign("warning"), lack.label) for lack in missing))
    kept = _("Kept by us: nothing is retained or queued at the broker, one pulse at a time with a second between them.")
    return format_html(
        '<ul class="cancela-promises">{}<li>{} <span>{}</span></li></ul>', lines, _sign("check_circle"), kept
    )


def _sign(name: str) -> SafeString:
    return format_html('<span class="material-symbols-outlined" aria-hidden="true">{}</span>', name)
