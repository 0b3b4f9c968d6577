"""Addresses of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("access.urls")),
    path("", include("anpr_site.api_urls")),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

handler400 = "anpr_site.errors.bad_request"
handler404 = "anpr_site.errors.not_found"
handler500 = "anpr_site.errors.server_error"
