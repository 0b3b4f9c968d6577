"""Lanes, vehicles and who may pass; the passages, what was seen of them, and what was decided."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access import reasons
from access.reasons import Outcome, Reason
from cameras.models import Camera
from gates.models import Gate
from premises.models import Person, Unit
from premises.tenancy import TenantModel
from recognition import PlateError, canonical, normalise, spellings


class Direction(models.TextChoices):
    IN = "in", _("in")
    OUT = "out", _("out")
    BOTH = "both", _("in and out")


class Engine(models.TextChoices):
    CLASSICAL = "classical", _("classical")


class Lane(TenantModel):
    """One camera that looks at one direction of one gate. Without a gate it only records."""

    area = "devices"

    name = models.CharField(_("name"), max_length=80)
    camera = models.OneToOneField(Camera, verbose_name=_("camera"), on_delete=models.PROTECT, related_name="lane")
    gate = models.ForeignKey(
        Gate, verbose_name=_("gate"), null=True, blank=True, on_delete=models.PROTECT, related_name="lanes"
    )
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices, default=Direction.IN)
    is_active = models.BooleanField(_("active"), default=True)
    engine = models.CharField(_("recognition"), max_length=20, choices=Engine.choices, default=Engine.CLASSICAL)
    interval = models.DecimalField(
        _("seconds between pictures"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(300))],
    )
    frames_to_refuse = models.PositiveSmallIntegerField(
        _("pictures before a refusal"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("A vehicle that fits nobody is looked at so often before it is refused."),
    )
    gap_seconds = models.PositiveSmallIntegerField(
        _("seconds until gone"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(300)],
        help_text=_("A vehicle not seen for so long has left; if it comes back, that is a new passage."),
    )

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


PLATE_PROBLEMS = {
    "empty": _("The plate is empty."),
    "characters": _("A plate has only the letters A to Z and the digits 0 to 9."),
    "too_short": _("A plate has at least 4 characters."),
    "too_long": _("A plate has at most 10 characters."),
}


class PlateRow(TenantModel):
    """A row that stands for a plate. However it was typed, it is kept in one spelling, and found by `plate_key`.

    `plate_key` is one for the old and the Mercosul spelling. `spell` is the only place that writes it; it raises
    `recognition.PlateError` for what cannot be a plate.
    """

    # Wide enough for what people type; what is kept has at most ten characters.
    plate = models.CharField(_("plate"), max_length=20)
    plate_key = models.CharField(max_length=10, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.plate

    def spell(self) -> None:
        self.plate, self.plate_key = normalise(self.plate), canonical(self.plate)

    def clean(self) -> None:
        super().clean()
        try:
            self.spell()
        except PlateError as error:
            raise ValidationError({"plate": PLATE_PROBLEMS.get(error.code, str(error))}) from error
        # The key is not on any form, so that Django's own look at the constraint would leave it out.
        rows = type(self)._default_manager.filter(condominium_id=self.condominium_id, plate_key=self.plate_key)
        if twin := rows.exclude(pk=self.pk).first():
            raise ValidationError({"plate": _("%(plate)s is there already.") % {"plate": twin.plate}})

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.spell()
        if update_fields is not None and "plate" in update_fields:
            update_fields = {*update_fields, *self.spelt_fields}
        super().save(*args, update_fields=update_fields, **kwargs)

    spelt_fields: ClassVar[tuple[str, ...]] = ("plate_key",)


class Vehicle(PlateRow):
    """A registered vehicle."""

    area = "registry"
    spelt_fields = ("plate_key", "plate_old", "plate_mercosul")

    # Both spellings, for a search by what is painted on the car.
    plate_old = models.CharField(_("old spelling"), max_length=10, blank=True, editable=False)
    plate_mercosul = models.CharField(_("Mercosul spelling"), max_length=10, blank=True, editable=False)
    owner = models.ForeignKey(
        Person,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="vehicles",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="vehicles",
    )
    make = models.CharField(_("make and model"), max_length=60, blank=True)
    colour = models.CharField(_("colour"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ["plate"]
        constraints = [models.UniqueConstraint(fields=["condominium", "plate_key"], name="one_vehicle_of_a_plate")]

    def spell(self) -> None:
        super().spell()
        both = spellings(self.plate)
        self.plate_old, self.plate_mercosul = (both[0], both[1]) if len(both) == 2 else ("", "")

    @property
    def unit_name(self) -> str:
        """The vehicle's unit, or else its owner's."""
        return str(self.unit or (self.owner and self.owner.unit) or "")

    @property
    def owner_name(self) -> str:
        return str(self.owner or "")


class Permit(TenantModel):
    """Which vehicle may use which lanes, from when until when."""

    area = "registry"

    vehicle = models.ForeignKey(Vehicle, verbose_name=_("vehicle"), on_delete=models.CASCADE, related_name="permits")
    lanes = models.ManyToManyField(Lane, verbose_name=_("lanes"), blank=True, help_text=_("None chosen: all lanes."))
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
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


# A permit without lanes is for all of them, so a deleted lane must not take itself out of a permit.
Permit.lanes.through._meta.get_field("lane").remote_field.on_delete = models.PROTECT


class WatchlistEntry(PlateRow):
    """A plate that never passes by itself, whatever permit it has."""

    area = "registry"
    Kind = reasons.Kind

    kind = models.CharField(_("why"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("watch-list entry")
        verbose_name_plural = _("watch-list")
        ordering = ["plate"]
        constraints = [
            models.UniqueConstraint(fields=["condominium", "plate_key"], name="one_watchlist_entry_of_a_plate")
        ]


class Passage(TenantModel):
    """One vehicle passing one lane once."""

    area = "passages"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lane = models.ForeignKey(Lane, verbose_name=_("lane"), on_delete=models.PROTECT, related_name="passages")
    opened_at = models.DateTimeField(_("seen at"))
    last_seen_at = models.DateTimeField(_("last seen"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    # Of the corrected plate where there is one: what a search for a vehicle asks.
    plate_key = models.CharField(max_length=10, blank=True)
    score = models.FloatField(_("certainty"), default=0.0)
    # What the recogniser said is kept beside what a person says it was.
    corrected_plate = models.CharField(_("corrected plate"), max_length=10, blank=True)
    vehicle = models.ForeignKey(
        Vehicle,
        verbose_name=_("vehicle"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="passages",
    )
    unit_name = models.CharField(_("unit"), max_length=42, blank=True)
    owner_name = models.CharField(_("owner"), max_length=120, blank=True)
    frames = models.PositiveIntegerField(_("pictures"), default=0)
    # Where the plate was last seen in the picture: x, y, width, height.
    last_box = models.JSONField(default=list, editable=False)
    # The decision: written once. Empty while the passage is still being looked at.
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["condominium", "-opened_at"]),
            models.Index(fields=["lane", "-opened_at"]),
            models.Index(fields=["lane", "-last_seen_at"]),
            models.Index(fields=["condominium", "plate_key", "-last_seen_at"]),
            models.Index(fields=["lane"], condition=models.Q(ended_at=None), name="passages_under_way"),
        ]

    def __str__(self) -> str:
        return self.shown_plate or str(self.pk)

    def spell(self) -> None:
        """Derive the key from what the plate is taken to be. Raises `recognition.PlateError`."""
        self.plate_key = canonical(self.shown_plate)

    @property
    def shown_plate(self) -> str:
        return self.corrected_plate or self.plate


def picture_path(detection: "Detection", filename: str) -> str:
    """Where a picture of a detection is kept, below the evidence folder: condominium/day/passage/name."""
    day: datetime = detection.taken_at
    return f"{detection.condominium_id}/{day:%Y/%m/%d}/{detection.passage_id}/{filename}"


class Detection(TenantModel):
    """A read of one frame: the very frame, its digest, and what the recogniser said of it.

    Every detection keeps the digest of its frame; the frame itself is kept of the deciding and of the best one.
    """

    area = "passages"

    passage = models.ForeignKey(Passage, verbose_name=_("passage"), on_delete=models.CASCADE, related_name="detections")
    camera = models.ForeignKey(Camera, verbose_name=_("camera"), on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(_("taken at"))
    frame = models.FileField(_("picture"), upload_to=picture_path, max_length=200, blank=True)
    frame_digest = models.CharField(_("SHA-256 of the picture"), max_length=64)
    crop = models.FileField(_("plate"), upload_to=picture_path, max_length=200, blank=True)
    box = models.JSONField(_("box"), default=list)
    text = models.CharField(_("text"), max_length=10)
    probabilities = models.JSONField(default=list)
    score = models.FloatField(_("certainty"))
    engine = models.CharField(_("recognition"), max_length=40)
    engine_version = models.CharField(_("version"), max_length=40)
    read_ms = models.PositiveIntegerField(_("time to read (ms)"), default=0)

    class Meta:
        verbose_name = _("detection")
        verbose_name_plural = _("detections")
        ordering = ["taken_at"]
        indexes = [models.Index(fields=["passage", "taken_at"])]

    def __str__(self) -> str:
        return self.text


class Decision(TenantModel):
    """What was decided of a passage, once, with all that it was decided from."""

    area = "passages"

    passage = models.OneToOneField(
        Passage, verbose_name=_("passage"), on_delete=models.CASCADE, related_name="decision"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    facts = models.JSONField(_("facts"), default=dict)
    at = models.DateTimeField(_("at"), db_default=Now())
    policy = models.CharField(_("policy"), max_length=40)
    vehicle = models.ForeignKey(
        Vehicle, verbose_name=_("vehicle"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    permit = models.ForeignKey(Permit, verbose_name=_("permit"), null=True, on_delete=models.SET_NULL, related_name="+")
    detection = models.ForeignKey(
        Detection, verbose_name=_("deciding picture"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    command_id = models.UUIDField(_("gate command"), null=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.get_reason_display()}"

    @property
    def sentence(self) -> str:
        return reasons.sentence(self.reason, self.facts)


def photo_path(photo: "OpeningPhoto", filename: str) -> str:
    return f"{photo.condominium_id}/{photo.taken_at:%Y/%m/%d}/openings/{filename}"


class OpeningPhoto(TenantModel):
    """What a lane's camera saw when somebody opened its gate by hand."""

    area = "passages"

    command_id = models.UUIDField(_("gate command"), unique=True)
    lane = models.ForeignKey(Lane, verbose_name=_("lane"), on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(_("taken at"))
    frame = models.FileField(_("picture"), upload_to=photo_path, max_length=200)
    frame_digest = models.CharField(_("SHA-256 of the picture"), max_length=64)

    class Meta:
        verbose_name = _("photo of an opening")
        verbose_name_plural = _("photos of openings")
        ordering = ["-taken_at"]

    def __str__(self) -> str:
        return str(self.command_id)
