"""Recorders and their cameras."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cameras import addresses, folders
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


Problems = Mapping[str, addresses.Complaint]


def _raise(problems: Problems) -> None:
    errors = {field: problem for field, problem in problems.items() if problem}
    if errors:
        raise ValidationError(errors)


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
    verify_tls = models.BooleanField(
        _("check the certificate"),
        default=True,
        help_text=_("Most recorders carry a certificate of their own making; it cannot be checked."),
    )
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
    # Refused logins in a row: most recorders lock the account at the fifth.
    bad_logins = models.PositiveSmallIntegerField(_("refused logins in a row"), default=0, editable=False)
    refused_at = models.DateTimeField(_("last refused login"), null=True, blank=True, editable=False)
    # Set on a 503: until then nobody asks.
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)

    class Meta:
        verbose_name = _("recorder")
        verbose_name_plural = _("recorders")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse what could not be asked, or would put a password into an address."""
        errors = {
            "host": addresses.host_problem(self.host),
            "snapshot_path": addresses.path_problem(self.snapshot_path, needed=self.make == Make.GENERIC),
            "password": _("A password needs a user.") if self.password and not self.username else None,
        }
        _raise(errors)


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
    # Of a camera with its own address, as on a recorder.
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True, editable=False)

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

    def clean(self) -> None:
        """Each source needs its own particulars, and a recorder of the same condominium."""
        check = {
            Source.RECORDER: self._recorder_problems,
            Source.URL: self._url_problems,
            Source.FOLDER: self._folder_problems,
        }.get(Source(self.source) if self.source in Source.values else Source.UPLOAD)
        _raise(check() if check else {})

    def _recorder_problems(self) -> Problems:
        if self.recorder is None:
            return {"recorder": _("Choose the recorder of this channel.")}
        if self.recorder.condominium_id != self.condominium_id:
            return {"recorder": _("This recorder belongs to another condominium.")}
        return {"channel": _("Channels count from 1.") if self.channel < 1 else None}

    def _url_problems(self) -> Problems:
        password = _("A password needs a user.") if self.password and not self.username else None
        return {"url": addresses.url_problem(self.url), "password": password}

    def _folder_problems(self) -> Problems:
        return {"folder": folders.problem(self.folder)}
