"""Addresses of evidence."""

from django.urls import path

from access.views import Evidence, PhotoOfOpening

urlpatterns = [
    path("evidence/<int:pk>/<str:part>", Evidence.as_view(), name="evidence"),
    path("openings/<uuid:command>/photo", PhotoOfOpening.as_view(), name="opening_photo"),
]
