"""The first step: whose gate it is."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst

from portal.setup.entering import show, user_of
from portal.setup.steps import Sitting
from premises import places
from premises.models import Condominium
from premises.roles import Permission
from premises.tenant_forms import MOST_CHOICES


class CondominiumForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Condominium
        fields = ("name", "city", "state", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label)


def begin(request: HttpRequest) -> HttpResponse:
    """The one condominium of the user at once; of several the choice; without any the form of a new one."""
    own = Condominium.objects.restrict(request.user, Permission.CHANGE_DEVICES)
    found = list(own[:MOST_CHOICES])
    if not found:
        return new(request)
    if len(found) == 1 and not request.user.is_superuser:
        return HttpResponseRedirect(reverse("setup:resume", args=[found[0].pk]))
    return show(request, None, "begin", condominiums=found)


def new(request: HttpRequest) -> HttpResponse:
    """Only who keeps the installation adds a condominium."""
    if not request.user.is_superuser:
        raise PermissionDenied
    form = CondominiumForm(request.POST or None)
    if form.is_valid():
        condominium = places.found(form.save(commit=False), by=user_of(request))
        return HttpResponseRedirect(reverse("setup:recorder", args=[condominium.pk]))
    return show(request, None, "condominium", form=form)


def resume(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    return HttpResponseRedirect(sitting.first_open())


def change(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    form = CondominiumForm(request.POST or None, instance=sitting.condominium)
    if form.is_valid():
        places.keep(form.save(commit=False), form.changed_data, by=user_of(request))
        return HttpResponseRedirect(sitting.address("recorder"))
    return show(request, sitting, "condominium", form=form)
