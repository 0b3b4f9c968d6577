"""Filters of our templates."""

from datetime import datetime

from django import template
from django.utils import formats, timezone

from premises import journal_words

register = template.Library()


@register.filter
def moment(at: datetime | None) -> str:
    """Day and time to the second, in the time of the page; empty where there is none."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M:%S}"


@register.filter
def action_words(action: str) -> str:
    """A journal action in words."""
    return journal_words.words(action)


@register.filter
def percent(part: float) -> str:
    """A probability from 0 to 1 as whole per cent, never rounded up to certainty."""
    return f"{int(part * 100)} %"
