"""What every admin page of ours is built on: rows, choices and permissions of the user's condominiums."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from premises import journal
from premises.grants import grants
from premises.models import Condominium
from premises.tenancy import TenantModel
from premises.tenant_forms import RelatedOfMine, TenantForm, TenantFormSet

# What no filter in an address may feel its way along.
SECRETS = ("password", "key", "token_digest", "broker_bcrypt", "broker_pbkdf2")
# A pattern can be made to run for ever (SQLite matches it in Python), a year to overflow the database.
UNBOUNDED = ("regex", "iregex", "year", "iso_year")


class TenantRows:
    """Limits a page to what its user may see, and its permissions to the user's roles."""

    model: type[Any]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any, Any]:
        return super().get_queryset(request).restrict(grants(request))  # type: ignore[misc, no-any-return]

    def may(self, request: HttpRequest, permission: str, row: Any = None) -> bool:
        """Whether the user holds the permission: in the row's condominium, or in any where no row is given.

        An inline asks with its parent's row, the theme's buttons with a bare key: what a button does asks
        again with the row (`fetch`).
        """
        condominium = getattr(row, self.path_of(row), None) if isinstance(row, models.Model) else None
        if isinstance(row, models.Model) and condominium is None:
            return False
        return grants(request).allow(permission, condominium)

    @staticmethod
    def path_of(row: Any) -> str:
        return str(getattr(type(row), "tenant_path", "condominium_id"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, f"{self.model.area}.view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, f"{self.model.area}.view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, f"{self.model.area}.change", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, f"{self.model.area}.change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, f"{self.model.area}.change", obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        self._limit(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        self._limit(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _limit(self, db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> None:
        kwargs.setdefault("queryset", self.choices_of(db_field.remote_field.model, request))

    def choices_of(self, related: type[Any], request: HttpRequest) -> models.QuerySet[Any, Any]:
        """The rows that a drop-down or a filter may offer. None of a kind that belongs to no condominium."""
        if related is Condominium:
            return Condominium.objects.filter(pk__in=grants(request).of(f"{self.model.area}.view"))
        if issubclass(related, TenantModel):
            return related.objects.restrict(request.user)
        everything: models.QuerySet[Any, Any] = related._default_manager.all()
        return everything if request.user.is_superuser else everything.none()


class TenantAdmin(TenantRows, ModelAdmin):  # type: ignore[misc]
    """An admin page over rows of a condominium. A user of one condominium never has to choose it."""

    form: Any = TenantForm
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    show_full_result_count = False
    list_per_page = 50
    journal_changes: ClassVar[bool] = True

    # --- rows and permissions ---

    def fetch(self, request: HttpRequest, pk: str, permission: str) -> Any:
        """The row a button works on. 404 where the user may not see it, 403 where they may not do this to it."""
        row = self.get_object(request, pk)
        if row is None:
            raise Http404
        if not self.may(request, permission, row):
            raise PermissionDenied
        return row

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        if any(part in SECRETS + UNBOUNDED for part in lookup.split("__")):
            return False
        return bool(super().lookup_allowed(lookup, value, request))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What an address fills in beforehand. A row is named by its number; what is none is left out."""
        relations = {field.name for field in self.opts.get_fields() if field.is_relation}
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return {name: value for name, value in initial.items() if name not in relations or _numbers(value)}

    def row_buttons(self, row: Any, buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those of a row's menu that do something for it."""
        return buttons

    # --- the condominium, shown to those who have several ---

    def several(self, request: HttpRequest) -> bool:
        return issubclass(self.model, TenantModel) and len(grants(request).of(f"{self.model.area}.view")) > 1

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        return [*columns, "condominium"] if self.several(request) else columns

    def get_list_select_related(self, request: HttpRequest) -> Any:
        related = super().get_list_select_related(request)
        if related is True or not self.several(request):
            return related
        return (*(related or ()), "condominium")

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        filters = list(super().get_list_filter(request))
        if self.several(request):
            filters.append("condominium")
        return [self._safe_filter(entry) for entry in filters]

    def _safe_filter(self, entry: Any) -> Any:
        """A filter by a related row, where one is named plainly, offers only rows of the user."""
        if not isinstance(entry, str):
            return entry
        field = self.opts.get_field(entry)
        if field.is_relation:
            return (entry, RelatedOfMine)
        return (entry, ChoicesDropdownFilter) if getattr(field, "choices", None) else entry

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        sets = [(name, dict(options)) for name, options in super().get_fieldsets(request, obj)]
        for _name, options in sets:
            options["fields"] = [name for name in options["fields"] if name != "condominium"]
        if self.several(request):
            sets[0][1]["fields"].insert(0, "condominium")
        return sets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # A row never moves to another condominium: what hangs on it would stay behind.
        fixed = ["condominium"] if obj is not None and self.several(request) else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "condominium":
            own = grants(request).of(f"{self.model.area}.change")
            kwargs["queryset"] = Condominium.objects.filter(pk__in=own)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        own = grants(request).of(f"{self.model.area}.change")
        if not self.several(request) and len(own) == 1:
            form.only_condominium = next(iter(own))
        return form

    # --- the journal ---

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            self.note(request, obj, "added", {"fields": form.changed_data})
        elif form.changed_data:
            # Only what was changed: a worker may have written the row's health since the form was opened.
            columns = {field.name for field in obj._meta.concrete_fields}
            obj.save(update_fields=[name for name in form.changed_data if name in columns])
            self.note(request, obj, "changed", {"fields": form.changed_data})

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            self.note(request, row, "added", {})
        for row, fields in formset.changed_objects:
            self.note(request, row, "changed", {"fields": fields})
        for row in formset.deleted_objects:
            self.note(request, row, "deleted", {})

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.note(request, obj, "deleted", {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.note(request, obj, "deleted", {})
        super().delete_queryset(request, queryset)

    def note(self, request: HttpRequest, obj: Any, verb: str, data: dict[str, Any]) -> None:
        """Write a change of a row into the journal of its condominium."""
        condominium = getattr(obj, self.path_of(obj))
        if self.journal_changes:
            action = f"{obj._meta.model_name}.{verb}"
            journal.record(condominium, action, actor=request.user, subject=str(obj), data=data)  # type: ignore[arg-type]


def _numbers(value: str | list[str]) -> bool:
    each = value if isinstance(value, list) else [value]
    return all(text.isascii() and text.isdecimal() and len(text) < 19 for text in each)


class TenantTabularInline(TenantRows, TabularInline):  # type: ignore[misc]
    form = TenantForm
    formset = TenantFormSet
    extra = 0
    exclude = ("condominium",)


class ReadOnly:
    """A page that only shows."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
