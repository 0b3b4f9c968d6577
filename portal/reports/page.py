"""The page of reports: which condominium, which days, the numbers at once, and two kinds of file."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from access.looking import looked_through
from access.sheet_writing import CONTENT_TYPES, Format
from access.shown import WORDS
from portal.columns import FOOT, HEIGHT, WIDTH, columns
from portal.reports import pdf, xlsx
from portal.reports.forms import ReportForm
from portal.reports.report import STACK, Report, make, shown, tables, tiles
from premises import journal, pages
from premises.models import Condominium
from premises.roles import Permission


class File(models.TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"


WRITERS: dict[str, tuple[Callable[[Report], bytes], str]] = {
    File.PDF: (pdf.written, "application/pdf"),
    File.XLSX: (xlsx.written, CONTENT_TYPES[Format.XLSX]),
}


def page(request: HttpRequest) -> HttpResponse:
    form = _form(request, request.GET)
    report = _report(request, form) if form.is_bound and form.is_valid() else None
    if report:
        looked_through([report.condominium.pk], by=request.user)  # type: ignore[arg-type]
    return pages.show(
        request,
        "portal/reports/page.html",
        title=_("Reports"),
        form=form,
        report=report,
        **(_shown(report) if report else {}),
    )


@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """A file of the same report. Written down: it leaves the house. 400 where the page itself would complain."""
    form = _form(request, request.POST)
    kind = request.POST.get("kind", "")
    if kind not in WRITERS or not form.is_valid():
        return HttpResponse(
            _("Choose the report on its page again."), status=400, content_type="text/plain; charset=utf-8"
        )
    report = _report(request, form)
    write, content_type = WRITERS[kind]
    data = write(report)
    days = {"first": report.period.first, "last": report.period.last}
    journal.record(report.condominium, "report.made", actor=request.user, data={**days, "kind": kind})  # type: ignore[arg-type]
    response = HttpResponse(data, content_type=content_type)
    name = f"{slugify(_('Reports'))}-{report.condominium.slug}-{report.period.first}-{report.period.last}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _form(request: HttpRequest, sent: Any) -> ReportForm:
    own = Condominium.objects.restrict(request.user, Permission.VIEW_PASSAGES)
    if not own.exists():
        raise PermissionDenied
    return ReportForm(sent or None, own=own, initial={"condominium": own.first()})


def _report(request: HttpRequest, form: ReportForm) -> Report:
    made_by = journal.name_of(request.user)  # type: ignore[arg-type]
    return make(form.cleaned_data["condominium"], form.cleaned_data["period"], made_by)


def _shown(report: Report) -> dict[str, Any]:
    days = [(f"{day:%d/%m}", counts) for day, counts in report.figures.days]
    hours = [(f"{hour} h", counts) for hour, counts in report.figures.hours]
    return {
        "tiles": [(shown(value), label) for value, label in tiles(report)],
        "charts": [
            {"id": "days", "title": _("Passages by day"), "columns": columns(days, STACK)},
            {"id": "hours", "title": _("Passages by hour of the day"), "columns": columns(hours, STACK)},
        ],
        "series": [(outcome, WORDS[outcome]) for outcome in STACK],
        "size": {"width": WIDTH, "height": HEIGHT, "foot": HEIGHT + FOOT},
        "tables": [(table, [[shown(cell) for cell in row] for row in table.rows]) for table in tables(report)[:5]],
        "files": File.choices,
    }
