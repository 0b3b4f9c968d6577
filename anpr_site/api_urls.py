"""Addresses for programs."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from access.api import WatchlistViewSet
from access.api_keys import KeyViewSet
from access.api_lanes import LaneViewSet, TravelTimeViewSet
from access.api_openings import OpenableGateViewSet
from access.api_passages import PassageViewSet
from access.api_permits import HolidayViewSet, PermitViewSet
from access.api_sightings import CheckView
from access.api_uploads import UploadView
from access.api_vehicles import VehicleViewSet
from anpr_site.errors import no_such_address
from anpr_site.health import health
from cameras.api import CameraViewSet, RecorderViewSet
from gates.api import ControllerViewSet, GateCommandViewSet
from gates.api_keys import KeyListViewSet, KeyUseViewSet
from premises.api import (
    CondominiumViewSet,
    JournalViewSet,
    MembershipViewSet,
    PersonViewSet,
    UnitViewSet,
)

docs = SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="portal/api_docs.html")
router = SimpleRouter(trailing_slash=False)
router.register("condominiums", CondominiumViewSet)
router.register("units", UnitViewSet)
router.register("people", PersonViewSet)
router.register("memberships", MembershipViewSet)
router.register("journal", JournalViewSet)
router.register("recorders", RecorderViewSet)
router.register("cameras", CameraViewSet)
router.register("gates", OpenableGateViewSet)
router.register("controllers", ControllerViewSet)
router.register("gate-commands", GateCommandViewSet)
router.register("key-lists", KeyListViewSet)
router.register("key-uses", KeyUseViewSet)
router.register("lanes", LaneViewSet)
router.register("travel-times", TravelTimeViewSet)
router.register("vehicles", VehicleViewSet)
router.register("permits", PermitViewSet)
router.register("keys", KeyViewSet)
router.register("holidays", HolidayViewSet)
router.register("watchlist", WatchlistViewSet)
router.register("passages", PassageViewSet)

urlpatterns = [
    path("health/", health, name="health"),
    path("upload-camera-image", UploadView.as_view(), name="upload-camera-image"),
    re_path(
        r"^check-license-plate/(?P<plates>[^/]*)/(?P<since>[^/]+)$",
        CheckView.as_view(),
        name="check-license-plate",
    ),
    path("api/v1/", include(router.urls)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", docs, name="docs"),
    re_path(r"^api/", no_such_address),
]
