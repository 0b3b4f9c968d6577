"""The seventh step: who may pass, taken from the list that the condominium has."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from access.import_page import Around, import_into
from portal.setup.entering import progress_of
from portal.setup.steps import Sitting
from premises.models import Condominium
from premises.roles import Permission


def page(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    mine = Condominium.objects.restrict(request.user, Permission.CHANGE_REGISTRY)
    around = Around(sitting.address("finish"), progress_of(sitting, "vehicles"), _("To the last step"))
    return import_into(request, mine.filter(pk=sitting.condominium.pk), around)
