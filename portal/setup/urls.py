"""Addresses of the first sitting."""

from django.contrib import admin
from django.urls import path

from portal.setup import camera, condominium, finish, gate, pulse, recorder, region, vehicles
from portal.setup.entering import of_condominium, of_lane, of_new_lane

app_name = "setup"
urlpatterns = [
    path("", admin.site.admin_view(condominium.begin), name="begin"),
    path("new/", admin.site.admin_view(condominium.new), name="new"),
    path("<int:pk>/", of_condominium(condominium.resume), name="resume"),
    path("<int:pk>/condominium/", of_condominium(condominium.change), name="condominium"),
    path("<int:pk>/recorder/", of_condominium(recorder.page), name="recorder"),
    path("<int:pk>/camera/", of_new_lane(camera.page), name="new_camera"),
    path("lane/<int:pk>/camera/", of_lane(camera.page), name="camera"),
    path("lane/<int:pk>/region/", of_lane(region.page), name="region"),
    path("lane/<int:pk>/drawing/", of_lane(region.drawing), name="drawing"),
    path("lane/<int:pk>/gate/", of_lane(gate.page), name="gate"),
    path("lane/<int:pk>/pulse/", of_lane(pulse.page), name="pulse"),
    path("lane/<int:pk>/vehicles/", of_lane(vehicles.page), name="vehicles"),
    path("lane/<int:pk>/finish/", of_lane(finish.page), name="finish"),
]
