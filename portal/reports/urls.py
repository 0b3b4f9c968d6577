"""Addresses of reports."""

from django.contrib import admin
from django.urls import path

from portal.reports import page

app_name = "reports"
urlpatterns = [
    path("", admin.site.admin_view(page.page), name="page"),
    path("file/", admin.site.admin_view(page.download), name="file"),
]
