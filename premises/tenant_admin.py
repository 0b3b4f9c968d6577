"""What every admin page of ours is built on: rows, choices and permissions of the signed-in user's condominiums."""

from typing import Any

from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from premises import journal
from premises.models import Condominium
from premises.tenancy import TenantModel, allows, condominium_ids


class TenantRows:
    """Limits a page to what its user may see, and its permissions to the user's roles."""

    model: type[Any]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any, Any]:
        return super().get_queryset(request).restrict(request.user)  # type: ignore[misc]

    def _may(self, request: HttpRequest, action: str, row: Any = None) -> bool:
        permission = f"{self.model.area}.{action}"
        # An inline asks with its parent's row: the condominium is the same, by the form's rule below.
        condominium = getattr(row, self.model.tenant_path, None) if row is not None else None
        return allows(request.user, permission, condominium)  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self._choices(db_field.remote_field.model, request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self._choices(db_field.remote_field.model, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _choices(self, related: type[Any], request: HttpRequest) -> models.QuerySet[Any, Any] | None:
        if related is Condominium:
            permission = f"{self.model.area}.change"
            return Condominium.objects.filter(id__in=condominium_ids(request.user, permission))  # type: ignore[arg-type]
        if issubclass(related, TenantModel):
            return related.objects.restrict(request.user)  # type: ignore[arg-type]
        return None


class TenantAdmin(TenantRows, ModelAdmin):  # type: ignore[misc]
    """An admin page over rows of a condominium. A user of one condominium never has to choose it."""

    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    journal_changes = True

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        hidden = list(super().get_exclude(request, obj) or [])
        if issubclass(self.model, TenantModel) and len(self._own(request)) == 1:
            hidden.append("condominium")
        return hidden

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "condominium": next(iter(self._own(request)), None),
            **super().get_changeform_initial_data(request),
        }

    def _own(self, request: HttpRequest) -> list[int]:
        return list(condominium_ids(request.user, f"{self.model.area}.change"))  # type: ignore[arg-type]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        own = self._own(request)
        if not issubclass(self.model, TenantModel):
            return form
        return type(
            "TenantForm", (SameCondominium, form), {"only_condominium": own[0] if len(own) == 1 else None}
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if self.journal_changes:
            self._journal(request, obj, "changed" if change else "added", {"fields": form.changed_data})

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._journal(request, obj, "deleted", {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self._journal(request, obj, "deleted", {})
        super().delete_queryset(request, queryset)

    def _journal(self, request: HttpRequest, obj: Any, verb: str, data: dict[str, Any]) -> None:
        condominium = getattr(obj, self.model.tenant_path)
        if condominium is not None and not (verb == "deleted" and self.model is Condominium):
            action = f"{self.model._meta.model_name}.{verb}"
            journal.record(condominium, action, actor=request.user, subject=str(obj), data=data)  # type: ignore[arg-type]


class SameCondominium(ModelForm):  # type: ignore[type-arg]
    """Sets the one condominium of its user, and refuses rows of another beside it."""

    only_condominium: int | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.only_condominium is not None and self.instance.condominium_id is None:
            self.instance.condominium_id = self.only_condominium

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("condominium")
        condominium = chosen.pk if chosen else self.instance.condominium_id
        for name, value in cleaned.items():
            if isinstance(value, TenantModel) and value.condominium_id != condominium:
                self.add_error(name, _("This belongs to another condominium."))
        return cleaned


class TenantTabularInline(TenantRows, TabularInline):  # type: ignore[misc]
    extra = 0


class TenantStackedInline(TenantRows, StackedInline):  # type: ignore[misc]
    extra = 0


class ReadOnly:
    """A page that only shows."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
