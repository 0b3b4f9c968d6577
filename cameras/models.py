"""Recorders and their cameras."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from premises.tenancy import TenantModel


class Make(models.TextChoices):
    INTELBRAS = "intelbras", _("Intelbras / Dahua")
    HIKVISION = "hikvision", _("Hikvision")
    GENERIC = "generic", _("Another make (address of a picture)")


class Source(models.TextChoices):
    RECORDER = "recorder", _("Channel of a recorder")
    URL = "url", _("Address of a picture")
    FOLDER = "folder", _("Folder of pictures")
    UPLOAD = "upload", _("Pictures sent to us")


class Health(models.TextChoices):
    UNKNOWN = "unknown", _("not asked yet")
    OK = "ok", _("working")
    FAILING = "failing", _("failing")
    STOPPED = "stopped", _("stopped: needs you")


class Recorder(TenantModel):
    """A recorder (NVR/DVR) or a camera with channels, asked over HTTP."""

    area = "devices"

    name = models.CharField(_("name"), max_length=80)
    make = models.CharField(_("make"), max_length=12, choices=Make.choices, default=Make.INTELBRAS)
    host = models.CharField(_("host"), max_length=253)
    port = models.PositiveIntegerField(
        _("port"), default=80, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    use_https = models.BooleanField(_("HTTPS"), default=False)
    snapshot_path = models.CharField(
        _("path of the picture"),
        max_length=200,
        blank=True,
        help_text=_("For another make: the path of its picture; {channel} stands for the channel."),
    )
    username = models.CharField(_("user"), max_length=80, blank=True)
    password = EncryptedTextField(_("password"), null=True, blank=True)
    # Set on a 401: asking again would lock the account, so nothing asks until a person has looked.
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True, editable=False)
    stopped_because = models.CharField(_("stopped because"), max_length=300, blank=True, editable=False)
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)

    class Meta:
        verbose_name = _("recorder")
        verbose_name_plural = _("recorders")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Camera(TenantModel):
    """A channel of a recorder, or a source that stands alone."""

    area = "devices"

    name = models.CharField(_("name"), max_length=80)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.RECORDER)
    recorder = models.ForeignKey(
        Recorder,
        verbose_name=_("recorder"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cameras",
    )
    channel = models.PositiveIntegerField(_("channel"), default=1)
    url = models.URLField(_("address of the picture"), blank=True)
    username = models.CharField(_("user"), max_length=80, blank=True)
    password = EncryptedTextField(_("password"), null=True, blank=True)
    folder = models.CharField(_("folder"), max_length=300, blank=True)

    health = models.CharField(
        _("health"), max_length=10, choices=Health.choices, default=Health.UNKNOWN, editable=False
    )
    last_frame_at = models.DateTimeField(_("last picture"), null=True, blank=True, editable=False)
    last_frame_digest = models.CharField(max_length=64, blank=True, editable=False)
    last_latency_ms = models.PositiveIntegerField(_("time for a picture (ms)"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    last_error_at = models.DateTimeField(_("time of the last error"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)

    class Meta:
        verbose_name = _("camera")
        verbose_name_plural = _("cameras")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["recorder", "channel"],
                condition=models.Q(source="recorder"),
                name="one_camera_of_a_channel",
            )
        ]

    def __str__(self) -> str:
        return self.name
