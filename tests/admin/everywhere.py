"""Every page of the admin site, by a name: what the pinned counts measure, and what is looked at beside."""

from django.urls import reverse

from access.models import Passage, Vehicle
from premises.models import Condominium
from tests.admin.pages import address, buttons, every_model, label, list_buttons, row_of, tenant_models


def pages(condominium: Condominium) -> dict[str, str]:
    """Lists, forms and buttons of what belongs to a condominium, by names that stay."""
    found = {"index": reverse("admin:index")}
    for model in tenant_models():
        found[f"{label(model)} list"] = address(model, "changelist")
        found[f"{label(model)} add"] = address(model, "add")
        row = row_of(model, condominium)
        found[f"{label(model)} change"] = address(model, "change", row.pk)
        found |= {f"{label(model)} {button}": address(model, button, row.pk) for button in buttons(model)}
        found |= {f"{label(model)} list {button}": address(model, button) for button in list_buttons(model)}
    found["access.passage list, searched"] = address(Passage, "changelist") + "?q=Q&outcome__exact=open"
    found["access.vehicle list, searched"] = address(Vehicle, "changelist") + "?q=Q"
    others = [model for model in every_model() if model not in tenant_models()]
    found |= {f"{label(model)} list": address(model, "changelist") for model in others}
    found["premises.condominium change"] = address(Condominium, "change", condominium.pk)
    return found


def beside(condominium: Condominium) -> dict[str, str]:
    """What else there is: histories, deleting, the forms of the installation's owner, an empty list, the password."""
    vehicle = row_of(Vehicle, condominium)
    found = {
        "vehicle history": address(Vehicle, "history", vehicle.pk),
        "vehicle delete": address(Vehicle, "delete", vehicle.pk),
        "vehicle list, nothing found": address(Vehicle, "changelist") + "?q=nothing-is-called-so",
        "passage list, filtered": address(Passage, "changelist") + "?opened_at_from=2026-01-01&missed=yes",
        "password change": reverse("admin:password_change"),
        "app": reverse("admin:app_list", args=["access"]),
    }
    for model in every_model():
        if model in tenant_models():
            continue
        found[f"{label(model)} add"] = address(model, "add")
        row = model._default_manager.order_by("-pk").first()
        if row is not None:
            found[f"{label(model)} change"] = address(model, "change", row.pk)
    return found
