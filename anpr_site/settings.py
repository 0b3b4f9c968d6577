"""Settings of the site, all from the environment, with defaults that run without root."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from anpr_site.environment import STAND_IN, env, envbool, envint, envlist, envsecret, envurl, load_file
from anpr_site.mail import mail_settings
from anpr_site.sheets import read_sheets, style_hash
from anpr_site.sign_in import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("CANCELA_VAR", str(BASE_DIR / "var")))
# What `make run` generated for this machine, so that `manage.py` beside it means the same site.
load_file(VAR_DIR / "environment")

DEBUG = envbool("DEBUG", False)


def secret(name: str) -> str:
    return envsecret(name, development=STAND_IN + name.lower().replace("_", "-") if DEBUG else None)


SECRET_KEY = secret("SECRET_KEY")
# Encrypts recorders' passwords and controllers' keys at rest; several, by commas, while it is being changed.
SALT_KEY = secret("FIELD_ENCRYPTION_KEY").split(",")
# The password with which the server itself speaks to the broker.
MQTT_PASSWORD = secret("MQTT_PASSWORD")

ALLOWED_HOSTS = envlist("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = envlist("CSRF_TRUSTED_ORIGINS", [])

# --- applications ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Before the theme: its templates stand before the theme's of the same name.
    "premises",
    # The plain one: the theme's default would put its own site in the place of ours.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "anpr_site.apps.CancelaAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_celery_beat",
    "axes",
    "cameras",
    "gates",
    "access",
    "portal",
    # After the portal, whose templates take the place of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "anpr_site.compressing.CompressedPages",
    "anpr_site.headers.PermissionsPolicy",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "premises.middleware.CondominiumTime",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.SecondFactorRequired",
    "portal.accounts.middleware.SessionSeen",
    "portal.accounts.middleware.NotKept",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "anpr_site.urls"
ASGI_APPLICATION = "anpr_site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------------------------

DATABASE_URL = envurl("DATABASE_URL", f"sqlite:///{VAR_DIR / 'cancela.sqlite3'}")
DATABASES: dict[str, Any] = {"default": dj_database_url.parse(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Readers go on while one writes; writers queue up at BEGIN instead of failing half-way.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000",
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- queue, cache, broker -------------------------------------------------------------------------------

REDIS_URL = envurl("REDIS_URL", f"unix://{VAR_DIR / 'valkey.sock'}")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2},  # seconds; a cache that hangs shall not hang the site
    }
}

MQTT_URL = env("MQTT_URL", "mqtt://cancela@127.0.0.1:1883")
# Where the embedded broker listens; controllers on the network need more than the loopback.
MQTT_LISTEN = env("MQTT_LISTEN", "127.0.0.1:1883")

# --- people ---------------------------------------------------------------------------------------------

# How one signs in: `anpr_site.sign_in`.
# Managers and superusers sign in with two factors. The demonstration does not ask for it.
REQUIRE_SECOND_FACTOR = envbool("REQUIRE_SECOND_FACTOR", not DEBUG)

# --- mail -----------------------------------------------------------------------------------------------

EMAIL_URL = envurl("EMAIL_URL", f"file://{VAR_DIR / 'mail'}" if DEBUG else "")
globals().update(mail_settings(EMAIL_URL))
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "Cancela <cancela@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- language and time ----------------------------------------------------------------------------------

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", _("Brazilian Portuguese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Sao_Paulo"
USE_I18N = True
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    # Faces and plates: for the site's own account only, whatever the folder around them allows.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Evidence pictures. They have no public address: a view serves them to who may see them.
MEDIA_ROOT = VAR_DIR / "evidence"
# Cameras of the kind "folder" may read below these only.
CAMERA_FOLDERS = [Path(path) for path in envlist("CAMERA_FOLDERS", [])]
UPLOAD_MAX_BYTES = envint("UPLOAD_MAX_BYTES", 12 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_MAX_BYTES

# --- security -------------------------------------------------------------------------------------------

behind_tls = not DEBUG and envbool("HTTPS", True)
# Browsers offer passkeys without TLS on the machine itself only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not behind_tls
if not DEBUG:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = behind_tls
    # Supervisors ask on the machine itself, past whatever speaks TLS.
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    SESSION_COOKIE_SECURE = behind_tls
    CSRF_COOKIE_SECURE = behind_tls
    SECURE_HSTS_SECONDS = envint("HSTS_SECONDS", 3600) if behind_tls else 0
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS is missing: name the site's hosts, by commas (DEBUG is off)")
X_FRAME_OPTIONS = "DENY"
# What stands in the pages themselves, so that nothing is waited for before they are painted.
INLINE_SHEETS = read_sheets(
    BASE_DIR,
    ("portal/page.css", "portal/accounts.css", "portal/residents.css", "portal/console.css", "access/plates.css"),
)
# What a page may load and do. The admin's theme needs more, which `premises.site` grants to its pages alone. Inline are
# these sheets and that of the error pages, which must do without static files: each is named by its hash.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [
            SELF,
            *map(style_hash, INLINE_SHEETS.values()),
            style_hash((BASE_DIR / "portal/templates/portal/error.css").read_text()),
        ],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"

# --- tasks ----------------------------------------------------------------------------------------------


def celery_url(redis_url: str) -> str:
    """The same server, in the spelling that Celery's transport wants for a socket file."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return f"redis+socket://{redis_url.removeprefix('unix://')}?virtual_host=0"


CELERY_BROKER_URL = celery_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# A lane switched on in the admin starts within this time.
CELERY_BEAT_MAX_LOOP_INTERVAL = 2

# --- notifications ---------------------------------------------------------------------------------------

# Keys of this installation for notifications in browsers (`manage.py make_vapid_keys`); without them none are offered.
VAPID_PRIVATE_KEY = envsecret("VAPID_PRIVATE_KEY", development="")
VAPID_PUBLIC_KEY = env("VAPID_PUBLIC_KEY", "")
# Whom a push service writes to when something is wrong with our messages.
VAPID_CONTACT = env("VAPID_CONTACT", "mailto:cancela@localhost")
# Where notifications may be sent: a name, or with a dot before it all names that end so.
PUSH_SERVICES = envlist(
    "PUSH_SERVICES",
    [
        "fcm.googleapis.com",
        "web.push.apple.com",
        ".push.apple.com",
        "updates.push.services.mozilla.com",
        ".push.services.mozilla.com",
        ".notify.windows.com",
    ],
)
# Where people find this site, for links in what is sent without a request: https://gate.example
SITE_ADDRESS = env("SITE_ADDRESS", "").rstrip("/")

# --- API ------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "premises.authentication.ClientTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["premises.authentication.HasTenantPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # What an address calls "format" is its own word, and not DRF's for the kind of JSON.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_PARSER_CLASSES": ["premises.parsers.Json"],
    "DEFAULT_PAGINATION_CLASS": "premises.api_filters.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": ["premises.api_filters.KnownFilters"],
    "EXCEPTION_HANDLER": "premises.api_errors.answer",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["premises.authentication.ClientThrottle"],
    "DEFAULT_THROTTLE_RATES": {"client": env("API_RATE", "120/min")},
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Cancela",
    "DESCRIPTION": "Plate-driven gate access for condominiums.",
    "VERSION": "1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",  # what follows it names the groups of the docs page
    "ENUM_NAME_OVERRIDES": {"StandingEnum": "gates.order_states.Standing"},
}

# --- admin ----------------------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "Cancela",
    "SITE_HEADER": "Cancela",
    "SITE_SYMBOL": "garage",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("premises/icon.svg")},
    ],
    "STYLES": [
        lambda request: static("access/plates.css"),
        lambda request: static("premises/colours.css"),
        lambda request: static("premises/admin.css"),
    ],
    "SCRIPTS": [lambda request: static("premises/reach.js")],
    "DASHBOARD_CALLBACK": "portal.dashboard.dashboard",
    "SIDEBAR": {"show_search": True, "navigation": "portal.navigation.navigation"},
    "ACCOUNT": {
        "navigation": [{"title": _("Your account"), "link": reverse_lazy("account_home"), "icon": "person"}],
    },
}

# --- logs -----------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {
        # Addresses of recorders with their queries stay out of the log.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        # Ticks that expired behind a slow one, which is what their expiry is for.
        "celery.worker.request": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "django_celery_beat": {"level": "WARNING"},
    },
}

# Under tests and tools the site may be imported before its folder exists.
os.makedirs(VAR_DIR, mode=0o700, exist_ok=True)  # noqa: PTH103
