"""The site's entry for the web server."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from anpr_site.bodies import Bounded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anpr_site.settings")
application = Bounded(get_asgi_application(), 4 * settings.UPLOAD_MAX_BYTES)
