"""The table of an admin list: the theme's, with rows drawn by `drawn_rows`."""

from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import result_hidden_fields
from django.template.context import Context
from unfold.templatetags.unfold_list import result_headers, result_list

from premises import drawn_rows

register = template.Library()


@register.inclusion_tag("admin/change_list_results.html", takes_context=True)
def cancela_result_list(context: Context, cl: Any) -> dict[str, Any]:
    """A list that is edited in place is left to the theme."""
    return result_list(context, cl) if cl.formset else drawn_table(context, cl)


def drawn_table(context: Context, changes: Any) -> dict[str, Any]:
    """What the theme's template of a table asks for."""
    headings = list(result_headers(changes))
    return {
        "cl": changes,
        "result_hidden_fields": list(result_hidden_fields(changes)),
        "result_headers": headings,
        "num_sorted_fields": sum(bool(each["sortable"] and each["sorted"]) for each in headings),
        "results": list(drawn_rows.rows(changes, headings, context.get("actions_row") or [])),
        "has_add_permission": changes.model_admin.has_add_permission(context["request"]),
    }
