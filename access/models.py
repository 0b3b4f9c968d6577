"""Lanes, vehicles and who may pass; the passages, what was seen of them, and what was decided."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.reasons import Outcome, Reason
from cameras.models import Camera
from gates.models import Gate
from premises.models import Person, Unit
from premises.tenancy import TenantModel


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
    camera = models.OneToOneField(
        Camera, verbose_name=_("camera"), on_delete=models.PROTECT, related_name="lane"
    )
    gate = models.ForeignKey(
        Gate, verbose_name=_("gate"), null=True, blank=True, on_delete=models.PROTECT, related_name="lanes"
    )
    direction = models.CharField(
        _("direction"), max_length=4, choices=Direction.choices, default=Direction.IN
    )
    is_active = models.BooleanField(_("active"), default=True)
    engine = models.CharField(
        _("recognition"), max_length=20, choices=Engine.choices, default=Engine.CLASSICAL
    )
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


class Vehicle(TenantModel):
    """A registered vehicle. Old and Mercosul spellings of its plate are one vehicle: `plate_key` is that one."""

    area = "registry"

    plate = models.CharField(_("plate"), max_length=10)
    plate_key = models.CharField(max_length=10, editable=False)
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
        constraints = [
            models.UniqueConstraint(fields=["condominium", "plate_key"], name="one_vehicle_of_a_plate")
        ]

    def __str__(self) -> str:
        return self.plate


class Permit(TenantModel):
    """Which vehicle may use which lanes, from when until when."""

    area = "registry"

    vehicle = models.ForeignKey(
        Vehicle, verbose_name=_("vehicle"), on_delete=models.CASCADE, related_name="permits"
    )
    lanes = models.ManyToManyField(
        Lane, verbose_name=_("lanes"), blank=True, help_text=_("None chosen: all lanes.")
    )
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


class WatchlistEntry(TenantModel):
    """A plate that never passes by itself, whatever permit it has."""

    area = "registry"

    class Kind(models.TextChoices):
        STOLEN = "stolen", _("reported stolen")
        BANNED = "banned", _("banned")
        OTHER = "other", _("other")

    plate = models.CharField(_("plate"), max_length=10)
    plate_key = models.CharField(max_length=10, editable=False)
    kind = models.CharField(_("why"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("watch-list entry")
        verbose_name_plural = _("watch-list")
        ordering = ["plate"]
        constraints = [
            models.UniqueConstraint(
                fields=["condominium", "plate_key"], name="one_watchlist_entry_of_a_plate"
            )
        ]

    def __str__(self) -> str:
        return self.plate


class Passage(TenantModel):
    """One vehicle passing one lane once."""

    area = "passages"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lane = models.ForeignKey(Lane, verbose_name=_("lane"), on_delete=models.PROTECT, related_name="passages")
    opened_at = models.DateTimeField(_("seen at"))
    last_seen_at = models.DateTimeField(_("last seen"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    plate = models.CharField(_("plate"), max_length=10, blank=True)
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
            models.Index(fields=["condominium", "plate_key", "-last_seen_at"]),
            models.Index(fields=["lane"], condition=models.Q(ended_at=None), name="passages_under_way"),
        ]

    def __str__(self) -> str:
        return self.shown_plate or str(self.pk)

    @property
    def shown_plate(self) -> str:
        return self.corrected_plate or self.plate


def picture_path(detection: "Detection", filename: str) -> str:
    """Where a picture of a detection is kept, below the evidence folder: condominium/day/passage/name."""
    day: datetime = detection.taken_at
    return f"{detection.condominium_id}/{day:%Y/%m/%d}/{detection.passage_id}/{filename}"


class Detection(TenantModel):
    """A read of one frame: the very frame, its digest, and what the recogniser said of it."""

    area = "passages"

    passage = models.ForeignKey(
        Passage, verbose_name=_("passage"), on_delete=models.CASCADE, related_name="detections"
    )
    camera = models.ForeignKey(Camera, verbose_name=_("camera"), on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(_("taken at"))
    frame = models.FileField(_("picture"), upload_to=picture_path, max_length=200)
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
    permit = models.ForeignKey(
        Permit, verbose_name=_("permit"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    detection = models.ForeignKey(
        Detection, verbose_name=_("deciding picture"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    command_id = models.UUIDField(_("gate command"), null=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.get_reason_display()}"
