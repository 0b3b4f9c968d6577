"""What every serializer of a tenant's rows is built on: one condominium, and neighbours of the same."""

import copy
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as ModelError
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from premises.api_errors import as_bad_input
from premises.api_filters import ZonedDateTimeField
from premises.models import Condominium
from premises.tenancy import TenantModel, condominium_ids


class TenantRelatedField(serializers.PrimaryKeyRelatedField[Any]):
    """A row by its number, among those that the asker may see; another's row does not exist."""

    def get_queryset(self) -> models.QuerySet[Any]:
        rows: Any = super().get_queryset()
        actor = self.context["request"].user
        if rows.model is Condominium:
            return rows.filter(id__in=condominium_ids(actor, self._permission_to_create()))  # type: ignore[no-any-return]
        return rows.restrict(actor, "view")  # type: ignore[no-any-return]

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, float):  # 1.5 would be taken for 1
            self.fail("incorrect_type", data_type="float")
        return super().to_internal_value(data)

    def _permission_to_create(self) -> str:
        serializer: Any = self.parent
        return f"{serializer.Meta.model.area}.change"


class TenantSerializer(serializers.ModelSerializer[Any]):
    """Puts a new row into the asker's one condominium; who has several names it.

    Database constraints and the model's own `clean` are checked on the row as it would be saved.
    """

    serializer_related_field = TenantRelatedField
    serializer_field_mapping: ClassVar[Any] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: ZonedDateTimeField,
    }

    condominium = TenantRelatedField(queryset=Condominium.objects.all(), required=False)

    def get_uniqueness_extra_kwargs(self, field_names: Any, declared_fields: Any, extra_kwargs: Any) -> tuple[Any, Any]:
        return extra_kwargs, {}

    def get_validators(self) -> list[Any]:
        return []

    def to_internal_value(self, data: Any) -> Any:
        """A field that nobody knows is refused: misspelt, it would be a change that did not happen."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({str(name): [_("There is no such field.")] for name in unknown})
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        attrs["condominium"] = self._condominium(attrs.get("condominium"))
        self._refuse_strangers(attrs)
        self._check_row(attrs)
        return attrs

    def update(self, instance: Any, validated_data: dict[str, Any]) -> Any:
        """Write the fields that were sent and no others: what else stands in the row may have moved meanwhile."""
        many = {field.name for field in instance._meta.many_to_many} & validated_data.keys()
        plain = validated_data.keys() - many
        for name in plain:
            setattr(instance, name, validated_data[name])
        instance.save(update_fields=plain)
        for name in many:
            getattr(instance, name).set(validated_data[name])
        return instance

    def _condominium(self, named: Condominium | None) -> Condominium:
        if self.instance is not None:
            own: Condominium = self.instance.condominium
            if named not in (None, own):
                raise serializers.ValidationError({"condominium": _("A row stays in the condominium it was made in.")})
            return own
        field: Any = self.fields["condominium"]
        return named or only_condominium(field.get_queryset())

    def _refuse_strangers(self, attrs: dict[str, Any]) -> None:
        """Whoever manages two condominiums sees the rows of both, and may still not tie them together."""
        for name, value in attrs.items():
            rows = value if isinstance(value, list) else [value]
            for row in rows:
                if isinstance(row, TenantModel) and row.condominium_id != attrs["condominium"].pk:
                    raise serializers.ValidationError({name: _("This belongs to another condominium.")})

    def _check_row(self, attrs: dict[str, Any]) -> None:
        model: Any = self.Meta.model
        row = model() if self.instance is None else copy.copy(self.instance)
        many = {field.name for field in model._meta.many_to_many}
        for name in attrs.keys() - many:
            setattr(row, name, attrs[name])
        try:
            row.clean()
            row.validate_constraints()
        except ModelError as error:
            raise as_bad_input(error) from error


def only_condominium(choices: models.QuerySet[Condominium]) -> Condominium:
    """The one condominium there is to choose from; raises `ValidationError` where there are none or several."""
    found = list(choices[:2])
    if len(found) != 1:
        raise serializers.ValidationError({"condominium": _("Name the condominium: you have several.")})
    return found[0]
