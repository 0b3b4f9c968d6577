"""Permits: which vehicle may use which lanes, on which days, at which hours, on whose word."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from access import telling
from access.hours import OnHolidays, Window
from access.models.lanes import Lane
from access.models.registry import Vehicle
from access.permitting import PermitKind
from premises.models import Unit
from premises.tenancy import TenantModel


class Permit(TenantModel):
    """Which vehicle may use which lanes, from when until when, and at which hours (`PermitWindow`)."""

    area = "registry"

    vehicle = models.ForeignKey(Vehicle, verbose_name=_("vehicle"), on_delete=models.CASCADE, related_name="permits")
    kind = models.CharField(_("kind"), max_length=10, choices=PermitKind.choices, default=PermitKind.RESIDENT)
    host = models.ForeignKey(
        Unit,
        verbose_name=_("host unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="guests",
        help_text=_("The unit on whose word a visitor or a service provider comes."),
    )
    holder = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Of the visitor, or of the company that provides a service.")
    )
    lanes = models.ManyToManyField(Lane, verbose_name=_("lanes"), blank=True, help_text=_("None chosen: all lanes."))
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    single_entry = models.BooleanField(
        _("for one entry"), default=False, help_text=_("It ends with the first entry; leaving is always possible.")
    )
    on_holidays = models.CharField(_("on holidays"), max_length=10, choices=OnHolidays.choices, default=OnHolidays.SAME)
    is_active = models.BooleanField(_("active"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    # When it ended with its vehicle: those come back with it, others do not.
    ended_at = models.DateTimeField(_("signed off at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("permit")
        verbose_name_plural = _("permits")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.vehicle)

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("The permit would end before it begins.")})
        if self.kind == PermitKind.VISITOR:
            self._clean_visit()

    def _clean_visit(self) -> None:
        if self.host is None:
            raise ValidationError({"host": _("A visitor comes on the word of a unit.")})
        if self.valid_until is None and not self.single_entry:
            raise ValidationError({"valid_until": _("A visitor's pass is for one entry, or until a time.")})


# A permit without lanes is for all of them, so a deleted lane must not take itself out of a permit.
Permit.lanes.through._meta.get_field("lane").remote_field.on_delete = models.PROTECT


def check_days(days: Any) -> None:
    """Days of the week as they are kept: a list of numbers, 0 being Monday."""
    if not isinstance(days, list) or not days or any(type(day) is not int or not 0 <= day <= 6 for day in days):
        raise ValidationError(_("Choose at least one day of the week (0 is Monday, 6 is Sunday)."))


class PermitWindow(TenantModel):
    """Hours of some days of the week in which a permit holds. A permit without any holds at every hour."""

    area = "registry"

    permit = models.ForeignKey(Permit, verbose_name=_("permit"), on_delete=models.CASCADE, related_name="windows")
    days = models.JSONField(_("days"), default=list, validators=[check_days])
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"), help_text=_("Before the beginning: past midnight. Equal to it: the whole day."))

    class Meta:
        verbose_name = _("window of hours")
        verbose_name_plural = _("hours")
        ordering = ["permit", "begins"]

    def __str__(self) -> str:
        return telling.hours_told(self.as_fact().told())

    def as_fact(self) -> Window:
        return Window(frozenset(self.days), self.begins, self.ends)


class Holiday(TenantModel):
    """A day that counts as a holiday here, beside those of the country and the state."""

    area = "registry"

    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["-date"]
        constraints = [models.UniqueConstraint(fields=["condominium", "date"], name="one_holiday_a_day")]

    def __str__(self) -> str:
        return f"{self.name} ({date_format(self.date, 'SHORT_DATE_FORMAT')})"
