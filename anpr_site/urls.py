"""Addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("access.urls")),
    path("", include("anpr_site.api_urls")),
    path("", include("portal.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

handler400 = "anpr_site.errors.bad_request"
handler404 = "anpr_site.errors.not_found"
handler500 = "anpr_site.errors.server_error"
