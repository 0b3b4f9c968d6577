"""Forms of admin pages: every row they touch is of one condominium."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.forms import CharField, ModelForm
from django.forms.utils import pretty_name
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminPasswordWidget

from premises.long_lists import counted
from premises.tenancy import TenantModel

# With more than that nobody finds one in a list, and drawing it takes longer than all the rest of a page.
MOST_CHOICES = 250


class TenantForm(ModelForm):  # type: ignore[type-arg]
    """Sets the one condominium of its user, and refuses rows of another beside it."""

    only_condominium: int | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label)
        if self.only_condominium is not None and self.instance.condominium_id is None:
            self.instance.condominium_id = self.only_condominium

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("condominium")
        condominium = chosen.pk if chosen else self.instance.condominium_id
        for name, value in list(cleaned.items()):
            if any(row.condominium_id != condominium for row in _rows(value)):
                self.add_error(name, _("This belongs to another condominium."))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        # Set for the user, not by the user: the rule "one of a name in a condominium" is checked all the same.
        known = "condominium" not in self.fields and self.instance.condominium_id is not None
        return excluded - {"condominium"} if known else excluded


def _rows(value: Any) -> Iterable[TenantModel]:
    if isinstance(value, QuerySet) and issubclass(value.model, TenantModel):
        return value
    return [value] if isinstance(value, TenantModel) else []


class NamedFieldsFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    """Rows of a table: its headings name no field for who does not see them, so that each field names itself."""

    def add_fields(self, form: Any, index: Any) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            # What chooses a row of another kind is wrapped, with its buttons around it.
            widget = getattr(field.widget, "widget", field.widget)
            if not widget.is_hidden:
                widget.attrs.setdefault("aria-label", capfirst(field.label or pretty_name(name)))


class TenantFormSet(NamedFieldsFormSet):
    """Rows below a row: of its condominium, whatever the browser says."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        _adopt(form, self.instance)
        return form


def _adopt(form: Any, parent: Any) -> None:
    condominium_id = getattr(parent, "condominium_id", None)
    if isinstance(form.instance, TenantModel) and condominium_id is not None:
        form.instance.condominium_id = condominium_id


class WriteOnlyField(CharField):
    """A secret: never shown again; left empty it stays as it was."""

    widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}, render_value=False)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("strip", False)
        kwargs.setdefault("help_text", _("Never shown again. Leave it empty to keep what is stored."))
        super().__init__(**kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class KeepsSecrets(TenantForm):
    """A form with a `password` that an empty entry leaves alone.

    It is asked for again where one of `password_belongs_to` changes: a stored password is never sent to an
    address for which nobody entered it.
    """

    password_belongs_to: ClassVar[tuple[str, ...]] = ()
    password = WriteOnlyField(label=_("password"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        stored = self.instance.password if self.instance.pk else None
        if stored and not cleaned.get("password"):
            if set(self.password_belongs_to) & set(self.changed_data):
                self.add_error("password", _("Enter the password again: it was entered for another address."))
            cleaned["password"] = stored
        return cleaned


class RelatedOfMine(RelatedDropdownFilter):  # type: ignore[misc]
    """A filter whose choices are rows that the user may see; not shown where these are too many to choose from."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        related: type[Model] = field.remote_field.model
        rows = model_admin.choices_of(related, request)
        # Counted first: to make 251 rows of what is not shown takes longer than to ask twice.
        return [(row.pk, str(row)) for row in rows] if counted(rows, MOST_CHOICES) <= MOST_CHOICES else []
