"""Sheets inline: `{% sheet "portal/page.css" %}`."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def sheet(name: str) -> SafeString:
    """One of the sheets that the site's policy names by their hashes (`INLINE_SHEETS`). Ours, so nothing is escaped."""
    return mark_safe(f"<style>{settings.INLINE_SHEETS[name]}</style>")  # noqa: S308
