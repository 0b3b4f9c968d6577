"""Addresses of this face."""

from django.urls import path

from portal.residents import guest_page, guests, home, passages, photos, settings, shell, vehicles

app_name = "residents"
urlpatterns = [
    path("", home.home_page, name="home"),
    path("home/", home.switch, name="switch"),
    path("plate/", photos.read_plate, name="read_plate"),
    path("vehicles/", vehicles.vehicles, name="vehicles"),
    path("vehicles/add/", vehicles.add, name="vehicle_add"),
    path("vehicles/<int:pk>/sold/", vehicles.sold, name="vehicle_sold"),
    path("guests/", guests.guests, name="guests"),
    path("guests/add/", guests.add, name="guest_add"),
    path("guests/invite/", guests.invite, name="guest_invite"),
    path("guests/<int:pk>/take-back/", guests.take_back, name="guest_take_back"),
    path("links/<int:pk>/renew/", guests.renew, name="link_renew"),
    path("links/<int:pk>/take-back/", guests.take_link_back, name="link_take_back"),
    path("guest/<str:token>/", guest_page.guest_link, name="guest_link"),
    path("guest/<str:token>/plate/", guest_page.guest_photo, name="guest_photo"),
    path("passages/", passages.passages, name="passages"),
    path("passages/<uuid:pk>/", passages.passage, name="passage"),
    path("passages/<uuid:pk>/<slug:size>.jpg", passages.picture, name="picture"),
    path("looked/", passages.looked, name="looked"),
    path("settings/", settings.preferences, name="settings"),
    path("push/", settings.push_on, name="push_on"),
    path("push/off/", settings.push_off, name="push_off"),
    path("sign-out/", settings.sign_out, name="sign_out"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("sw.js", shell.service_worker, name="service_worker"),
    path("offline/", shell.offline, name="offline"),
]
