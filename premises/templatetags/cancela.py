"""Filters of our templates."""

from django import template

from premises import journal_words

register = template.Library()


@register.filter
def action_words(action: str) -> str:
    """A journal action in words."""
    return journal_words.words(action)


@register.filter
def percent(part: float) -> str:
    """A probability from 0 to 1 as whole per cent, never rounded up to certainty."""
    return f"{int(part * 100)} %"
