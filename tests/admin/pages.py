"""The admin's pages, enumerated from what is registered."""

import re
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from premises.models import Condominium
from premises.tenancy import TenantModel

# What rows of Alice's condominium are called by `furnish`: names, numbers of units, plates.
OF_ALICE = re.compile(r"\bq\d-[a-z]+|\bQ\d-[a-z]+|\bQ1\d\d\b|\bQ-secret|\bQ[A-Z]{2}[12]D\d\d\b")


def tenant_models() -> list[type[Model]]:
    """Every registered model whose rows belong to a condominium."""
    return [model for model in admin.site._registry if issubclass(model, TenantModel)]


def every_model() -> list[type[Model]]:
    return list(admin.site._registry)


def label(model: type[Model]) -> str:
    return str(model._meta.label_lower)


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def buttons(model: type[Model]) -> list[str]:
    """The names of the pages behind the buttons of a row."""
    page: Any = admin.site._registry[model]
    found = [*page._get_base_actions_detail(), *page._get_base_actions_row()]
    return sorted({button.path for button in found})


def list_buttons(model: type[Model]) -> list[str]:
    """The names of the pages behind the buttons above a list."""
    page: Any = admin.site._registry[model]
    return sorted({button.path for button in page._get_base_actions_list()})


def row_of(model: type[Any], condominium: Condominium) -> Any:
    return model._default_manager.filter(condominium=condominium).order_by("pk").last()


def permit_form(vehicle: Any, **values: Any) -> dict[str, Any]:
    """What the form of a permit sends; `windows` are (days, begins, ends)."""
    windows = values.pop("windows", [])
    sent = {"vehicle": vehicle.pk, "kind": "resident", "on_holidays": "same", "is_active": "on"} | values
    sent |= {"windows-TOTAL_FORMS": len(windows), "windows-INITIAL_FORMS": 0}
    for number, (days, begins, ends) in enumerate(windows):
        sent |= {f"windows-{number}-days": days, f"windows-{number}-begins": begins, f"windows-{number}-ends": ends}
    return sent
