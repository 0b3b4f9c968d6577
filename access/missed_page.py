"""The work list of missed openings: which vehicle it was, said with one press, or that it was none of ours."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import corrections, missed
from access.looking import looked_through
from access.missed import Missed, likely_words
from access.models import Detection, Passage
from access.plate_html import plate
from access.vehicles import VehicleError
from premises import pages
from premises.grants import grants
from premises.roles import Permission
from premises.theme import action

ON_A_PAGE = 24


class MissedOpenings:
    """For the admin of passages."""

    actions_list = ("missed_openings",)

    @action(description=_("Missed openings"), icon="fact_check", permissions=["review"])
    def missed_openings(self: Any, request: HttpRequest) -> HttpResponse:
        mine = Passage.objects.restrict(request.user, Permission.REVIEW_PASSAGES)
        if request.method == "POST":
            return _settle(self, request, mine)
        looked_through(grants(request).of(Permission.REVIEW_PASSAGES), by=request.user)  # type: ignore[arg-type]
        page = Paginator(missed.work_list(mine, timezone.now()), ON_A_PAGE).get_page(request.GET.get("page"))
        return pages.show(
            request,
            "access/missed.html",
            title=_("Missed openings"),
            rows=_rows(list(page)),
            page=page,
            back=reverse("admin:access_passage_changelist"),
        )


def _settle(admin: Any, request: HttpRequest, mine: QuerySet[Passage]) -> HttpResponse:
    """What the pressed button says of its passage."""
    passage = _asked(mine, request.POST.get("passage", ""))
    try:
        if "plate" in request.POST:
            corrections.correct(passage, request.POST["plate"], by=request.user)  # type: ignore[arg-type]
        else:
            missed.dismiss(passage, by=request.user)  # type: ignore[arg-type]
    except VehicleError as problem:
        admin.message_user(request, str(problem), "ERROR")
    else:
        admin.message_user(request, _("Noted. What was read and decided is kept beside it."), "SUCCESS")
    return HttpResponseRedirect(request.get_full_path())


def _asked(mine: QuerySet[Passage], text: str) -> Passage:
    try:
        return get_object_or_404(mine, pk=UUID(text))
    except ValueError as error:
        raise Http404 from error


def _rows(found: list[Missed]) -> list[dict[str, Any]]:
    kept = Detection.objects.filter(passage__in=[each.passage for each in found]).exclude(frame="").order_by("score")
    pictures = dict(kept.values_list("passage_id", "pk"))
    return [
        {
            "passage": each.passage,
            "plate": plate(each.passage.shown_plate),
            "picture": pictures.get(each.passage.pk),
            "why": each.passage.decision.sentence if hasattr(each.passage, "decision") else "",
            "likely": [(likely.vehicle.plate, likely_words(likely)) for likely in each.likely],
        }
        for each in found
    ]
