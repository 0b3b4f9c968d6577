"""Addresses of the faces."""

from django.urls import include, path

from portal.front import front

urlpatterns = [
    path("", front, name="home"),
    path("accounts/", include("portal.accounts.urls")),
    path("console/", include("portal.console.urls")),
    path("my/", include("portal.residents.urls")),
    path("setup/", include("portal.setup.urls")),
    path("reports/", include("portal.reports.urls")),
]
