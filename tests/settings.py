"""The site under test: the same settings, secrets of the test run, cheap password hashes."""

import os
import secrets
import tempfile

os.environ.setdefault("CANCELA_VAR", tempfile.mkdtemp(prefix="cancela-tests-"))
for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEY", "MQTT_PASSWORD"):
    os.environ.setdefault(name, secrets.token_urlsafe(32))
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("REQUIRE_SECOND_FACTOR", "0")
os.environ.setdefault("EMAIL_URL", "smtp://localhost")

from anpr_site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LANGUAGE_CODE = "en"
# WhiteNoise warns of a folder that is not there, and warnings are errors.
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
