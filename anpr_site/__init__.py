"""Wiring: settings, addresses, the task queue."""

from anpr_site.celery import app as celery_app

__all__ = ["celery_app"]
