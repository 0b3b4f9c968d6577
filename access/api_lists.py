"""The API's lists of vehicles: taking one over, giving one out."""

from typing import Any, BinaryIO, cast

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.fields import empty
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from access import lists
from access.export_page import download
from access.list_export import export_vehicles
from access.list_report import LABELS, Kind
from access.sheet_writing import Format
from premises.roles import Permission

CONDOMINIUM = OpenApiParameter("condominium", int, description="Needed by who has several.")


class Unless(serializers.BooleanField):
    """A switch that is on unless a form turns it off. DRF takes a switch that a form leaves out for "off"."""

    default_empty_form = empty


class ImportSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text=_("CSV or XLSX"))
    sheet = serializers.CharField(required=False, default=None, help_text=_("Of an XLSX; else its first."))
    dry_run = Unless(default=True, help_text=_("Only say what would be done."))
    strict = serializers.BooleanField(default=False, help_text=_("Take nothing where any row is refused."))
    complete = serializers.BooleanField(
        default=False, help_text=_("Sign off what an earlier list brought and this one does not have.")
    )
    condominium = serializers.IntegerField(required=False, default=None)


class RefusalSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    plate = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class DifferenceSerializer(serializers.Serializer[Any]):
    field = serializers.ChoiceField(choices=list(LABELS))
    old = serializers.CharField()
    new = serializers.CharField()


class ListedChangeSerializer(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=Kind.choices)
    row = serializers.IntegerField(allow_null=True, help_text=_("Null: the list does not have it."))
    plate = serializers.CharField()
    differences = DifferenceSerializer(many=True)


class ReportSerializer(serializers.Serializer[Any]):
    applied = serializers.BooleanField(help_text=_("False: nothing was written."))
    rows = serializers.IntegerField()
    added = serializers.IntegerField(source="counts.added")
    changed = serializers.IntegerField(source="counts.changed")
    approved = serializers.IntegerField(source="counts.approved", help_text=_("They waited for approval."))
    taken_up = serializers.IntegerField(source="counts.taken_up", help_text=_("They had been signed off."))
    ended = serializers.IntegerField(source="counts.ended", help_text=_("Signed off."))
    unchanged = serializers.IntegerField()
    kept = serializers.IntegerField(help_text=_("Not in the complete list, and not from one: they stay."))
    units = serializers.IntegerField()
    people = serializers.IntegerField()
    columns = serializers.DictField(child=serializers.CharField())
    changes = ListedChangeSerializer(many=True)
    refused = RefusalSerializer(many=True)


class ExportSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=Format.choices, default=Format.CSV)
    condominium = serializers.IntegerField(required=False, default=None)


class ListActions:
    """Of the vehicles."""

    @extend_schema(request={"multipart/form-data": ImportSerializer}, responses=ReportSerializer)
    @action(detail=False, methods=["post"], url_path="import", url_name="import", parser_classes=[MultiPartParser])
    def import_list(self: Any, request: Request) -> Response:
        """Take over a list of vehicles. A dry run first: it says what would differ, which rows are refused, and why."""
        asked = ImportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = asked.validated_data
        condominium = self.condominium(wish["condominium"])
        try:
            report = lists.import_vehicles(
                condominium,
                cast(BinaryIO, wish["file"]),
                wish["file"].name,
                by=self.actor,
                sheet=wish["sheet"],
                dry_run=wish["dry_run"],
                strict=wish["strict"],
                complete=wish["complete"],
            )
        except lists.ListError as error:
            raise serializers.ValidationError({"file": [str(error)]}, code=error.code) from error
        return Response(ReportSerializer(report).data)

    @extend_schema(
        parameters=[ExportSerializer],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(
        detail=False,
        url_path="export",
        permission=Permission.CHANGE_REGISTRY,
        pagination_class=None,
        filter_backends=[],
    )
    def export_list(self: Any, request: Request) -> HttpResponse:
        """The active vehicles as a list that the import takes. `registry.change`: it names everybody at once."""
        asked = ExportSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        condominium, kind = self.condominium(asked.validated_data["condominium"]), asked.validated_data["format"]
        return download(condominium, Format(kind), export_vehicles(condominium, Format(kind), by=self.actor))
