"""What data protection asks for: how long passages are kept, and what people asked about their own data."""

import uuid
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.registry import PLATE_PROBLEMS, Vehicle
from premises.models import Person
from premises.tenancy import TenantModel
from recognition import PlateError, canonical, normalise

# Five years: longer than any claim that a picture of a gate can prove.
LONGEST = 1825
BOUNDS = [MinValueValidator(1), MaxValueValidator(LONGEST)]


class RetentionPolicy(TenantModel):
    """For how many days a condominium keeps passages, by class. Where there is no row the defaults hold."""

    area = "privacy"
    OTHERS: ClassVar[tuple[str, ...]] = ("visitors_days", "registered_days", "incidents_days")

    strangers_days = models.PositiveSmallIntegerField(
        _("strangers (days)"), default=30, validators=BOUNDS, help_text=_("Vehicles that are not registered.")
    )
    visitors_days = models.PositiveSmallIntegerField(
        _("visitors (days)"), default=90, validators=BOUNDS, help_text=_("Vehicles with a permit of a month at most.")
    )
    registered_days = models.PositiveSmallIntegerField(
        _("registered (days)"), default=180, validators=BOUNDS, help_text=_("Vehicles of residents and employees.")
    )
    incidents_days = models.PositiveSmallIntegerField(
        _("incidents (days)"), default=1095, validators=BOUNDS, help_text=_("Plates on the watch-list.")
    )
    notes_days = models.PositiveSmallIntegerField(
        _("notes of the gatehouse (days)"),
        default=90,
        db_default=90,
        validators=BOUNDS,
        help_text=_("After they are done, or written; shifts after their end."),
    )
    decided = models.CharField(
        _("decided by"), max_length=120, blank=True, help_text=_("For instance the assembly, and its date.")
    )

    class Meta:
        verbose_name = _("retention")
        verbose_name_plural = _("retention")
        constraints = [
            models.UniqueConstraint(
                fields=["condominium"],
                name="one_retention_of_a_condominium",
                violation_error_message=_("It is set already: change what is there."),
            )
        ]

    def __str__(self) -> str:
        each = (self.strangers_days, *(getattr(self, name) for name in self.OTHERS))
        return " / ".join(map(str, each))

    def clean(self) -> None:
        super().clean()
        for name in self.OTHERS:
            days = getattr(self, name)
            if days is not None and self.strangers_days is not None and days < self.strangers_days:
                raise ValidationError({name: _("Nobody is kept shorter than strangers.")})


class RequestKind(models.TextChoices):
    ACCESS = "access", _("to see what is kept")
    ERASURE = "erasure", _("to have it erased")


class RequestState(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


def archive_path(request: "SubjectRequest", filename: str) -> str:
    return f"{request.condominium_id}/requests/{uuid.uuid4()}.zip"


class SubjectRequest(TenantModel):
    """Somebody asked about the own data. While it is open nothing that it names is purged.

    An erasure empties `person` and `plates` too: then only who asked, and when, is left.
    """

    area = "privacy"

    kind = models.CharField(_("asked"), max_length=10, choices=RequestKind.choices, default=RequestKind.ACCESS)
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.OPEN, editable=False
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    plates = models.CharField(_("plates"), max_length=200, blank=True, help_text=_("Several by commas."))
    asked_by = models.CharField(
        _("who asked"),
        max_length=120,
        help_text=_("Name, and how you made sure that it is that person, or who speaks for that person."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    opened_by = models.CharField(_("opened by"), max_length=150, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_by = models.CharField(_("closed by"), max_length=150, blank=True, editable=False)
    archive = models.FileField(_("archive"), upload_to=archive_path, max_length=200, blank=True, editable=False)
    archive_digest = models.CharField(_("SHA-256 of the archive"), max_length=64, blank=True, editable=False)
    gathered_at = models.DateTimeField(_("gathered at"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)

    class Meta:
        verbose_name = _("data-subject request")
        verbose_name_plural = _("data-subject requests")
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        # Never whom it is about: this is what the journal and the logs say of it.
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN

    @property
    def asked_plates(self) -> list[str]:
        return [plate for plate in self.plates.split(", ") if plate]

    @property
    def asked_keys(self) -> set[str]:
        return {canonical(plate) for plate in self.asked_plates}

    def clean(self) -> None:
        super().clean()
        try:
            self.plates = ", ".join(normalise(part) for part in self.plates.split(",") if part.strip())
        except PlateError as error:
            raise ValidationError({"plates": PLATE_PROBLEMS.get(error.code, str(error))}) from error
        if self._state.adding and not self.plates and self.person is None:
            raise ValidationError({"plates": _("Name a person or a plate.")})
        if self.person is not None and (other := self._of_somebody_else()):
            message = _("%(plate)s is registered to somebody else.") % {"plate": other.plate}
            raise ValidationError({"plates": message})

    def _of_somebody_else(self) -> Vehicle | None:
        mine = Vehicle.objects.filter(condominium_id=self.condominium_id, plate_key__in=self.asked_keys)
        return mine.exclude(owner=None).exclude(owner=self.person).first()
