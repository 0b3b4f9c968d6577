"""The task queue's entry."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anpr_site.settings")
app = Celery("cancela")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
