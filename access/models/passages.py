"""Passages, what was seen of them, and what was decided."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access import reasons
from access.models.lanes import Lane
from access.models.permits import Permit
from access.models.registry import Vehicle
from access.policies import Policy
from access.reasons import Outcome, Reason
from cameras.models import Camera
from premises.tenancy import TenantModel
from recognition import canonical


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
    # When all that is personal in it was erased because somebody asked for it.
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    # Since when it is off the work list of missed openings: a person said which vehicle it was, or that it is no one's.
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["condominium", "-opened_at"]),
            models.Index(fields=["-opened_at"]),
            models.Index(fields=["condominium", "outcome", "-opened_at"]),
            models.Index(fields=["condominium", "reason", "-opened_at"]),
            models.Index(fields=["condominium", "unit_name", "-opened_at"]),
            models.Index(
                fields=["condominium", "-opened_at"],
                condition=~models.Q(corrected_plate=""),
                name="passages_corrected",
            ),
            # With what a lane's list is filtered by besides, so that it is counted from the index alone.
            models.Index(fields=["lane", "-opened_at", "condominium", "outcome", "reason"], name="passages_of_a_lane"),
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
    # Whether the certainty is a probability: 0.9 is right nine times in ten.
    calibrated = models.BooleanField(_("calibrated"), default=False, editable=False)
    # The plate in few pixels: how much this read and another of the same passage are one witness.
    glimpse = models.BinaryField(null=True)
    engine = models.CharField(_("recognition"), max_length=40)
    engine_version = models.CharField(_("version"), max_length=40)
    read_ms = models.PositiveIntegerField(_("time to read (ms)"), default=0)

    class Meta:
        verbose_name = _("detection")
        verbose_name_plural = _("detections")
        ordering = ["taken_at"]
        indexes = [models.Index(fields=["passage", "taken_at"]), models.Index(fields=["taken_at"])]

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
        indexes = [models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.get_reason_display()}"

    @property
    def sentence(self) -> str:
        if self.facts.get("erased"):
            return self.get_reason_display()
        return reasons.sentence(self.reason, self.facts)

    @property
    def policy_words(self) -> str:
        """The policy for a person; as it is noted where it is none of today's."""
        name = self.policy.rpartition("-")[0]
        return str(Policy(name).label) if name in Policy else self.policy


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
