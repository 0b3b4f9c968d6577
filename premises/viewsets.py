"""What every API view is built on: the permission of its method, and rows limited by `restrict`."""

from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Manager, Model, QuerySet
from rest_framework import mixins, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from premises import journal
from premises.api_errors import LengthRequired, TooLarge
from premises.api_schema import ClientTokenScheme
from premises.grants import known
from premises.models import ApiClient, Condominium, User
from premises.serializers import only_condominium

__all__ = ["ClientTokenScheme", "ReadOnlyTenantViewSet", "TenantView", "TenantViewSet"]

# What a multipart request holds beside its file.
ENVELOPE_BYTES = 64 * 1024


class TenantView(APIView):
    """A view of tenants' data. `permission` names what it needs; without one, nobody passes."""

    permission: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_length(request)
        super().initial(request, *args, **kwargs)

    @property
    def actor(self) -> User | ApiClient:
        """Whoever asks; `HasTenantPermission` let nobody else in."""
        return cast("User | ApiClient", self.request.user)

    def wanted(self) -> str:
        """The permission that this request needs."""
        permission = self.permission
        return str(permission(self.request.method) if callable(permission) else permission)

    def condominium(self, named: Any = None) -> Condominium:
        """The condominium to act in: the one named by its number, or the only one there is.

        Raises `ValidationError` where it is not the asker's, or where several could be meant.
        """
        choices = Condominium.objects.restrict(self.request.user, self.wanted())
        if named in (None, ""):
            return only_condominium(choices)
        found = choices.filter(pk=named).first() if str(named).isdecimal() else None
        if found is None:
            raise ValidationError({"condominium": ["There is no such condominium."]})
        return found


def check_length(request: Request) -> None:
    """By what was announced, before anything reads the body: one in chunks would be taken for an empty one."""
    if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        raise LengthRequired
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > settings.UPLOAD_MAX_BYTES + ENVELOPE_BYTES:
        raise TooLarge


class TenantRows(TenantView, GenericViewSet[Any]):
    """Rows of the asker's condominiums: `registry.view` to read them, `registry.change` to change them."""

    queryset: Any = None

    def permission(self, method: str) -> str:
        # Whoever may look hears that a method does not exist here, instead of a word about permissions.
        looks = method in SAFE_METHODS or self.action is None
        return f"{self._model().area}.{'view' if looks else 'change'}"

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        mine: QuerySet[Any] = rows.restrict(known(self.request.user), self.wanted())
        return mine

    def _model(self) -> Any:
        return self.queryset.model


class ReadOnlyTenantViewSet(TenantRows, mixins.RetrieveModelMixin, mixins.ListModelMixin):
    """Lists and shows."""


class TenantViewSet(ReadOnlyTenantViewSet, mixins.CreateModelMixin, mixins.UpdateModelMixin, mixins.DestroyModelMixin):
    """Lists, shows, adds, changes and deletes; each change is written into the journal with it."""

    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    @transaction.atomic
    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        row = serializer.save()
        self.record(row, "added", fields=sorted(serializer.validated_data))

    @transaction.atomic
    def perform_update(self, serializer: serializers.BaseSerializer[Any]) -> None:
        changed = sorted(
            name for name, value in serializer.validated_data.items() if not same(serializer.instance, name, value)
        )
        row = serializer.save()
        if changed:
            self.record(row, "changed", fields=changed)

    @transaction.atomic
    def perform_destroy(self, instance: Any) -> None:
        self.record(instance, "deleted")
        super().perform_destroy(instance)

    def record(self, row: Any, verb: str, **data: Any) -> None:
        """Into the journal: who, what and which fields; never their values, which may be secret."""
        journal.record(
            row.condominium_id,
            f"{row._meta.model_name}.{verb}",
            actor=self.actor,
            subject=str(row),
            data=data,
        )


def same(row: Model | None, name: str, value: Any) -> bool:
    """Whether a field holds this value already."""
    held = getattr(row, name)
    if isinstance(held, Manager):
        return set(held.all()) == set(value)
    return bool(held == value)
