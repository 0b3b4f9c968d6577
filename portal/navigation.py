"""The admin's side bar: what the user's role permits, in groups."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from premises.grants import Grants, grants

# Title, model page, icon, permission. None: for who keeps the whole installation.
GROUPS: tuple[tuple[Any, tuple[tuple[Any, str, str, str | None], ...]], ...] = (
    (
        _("Today"),
        (
            (_("Overview"), "index", "dashboard", "passages.view"),
            (_("Gatehouse"), "console:screen", "desktop_windows", "gates.open"),
            (_("Passages"), "access_passage_changelist", "directions_car", "passages.view"),
            (_("Missed openings"), "access_passage_missed_openings", "fact_check", "passages.change"),
            (_("Gate openings"), "gates_gatecommand_changelist", "sensor_door", "passages.view"),
            (_("Keys used"), "gates_keyuse_changelist", "contactless", "passages.view"),
            (_("Reports"), "reports:page", "summarize", "passages.view"),
            (_("Notes of the gatehouse"), "portal_note_changelist", "sticky_note_2", "duty.view"),
            (_("Shifts"), "portal_shift_changelist", "badge", "duty.view"),
            (_("Journal"), "premises_journalentry_changelist", "history_edu", "journal.view"),
        ),
    ),
    (
        _("Registry"),
        (
            (_("Vehicles"), "access_vehicle_changelist", "badge", "registry.view"),
            (_("Permits"), "access_permit_changelist", "verified", "registry.view"),
            (_("Keys"), "access_key_changelist", "key", "registry.view"),
            (_("Watch-list"), "access_watchlistentry_changelist", "report", "registry.view"),
            (_("Guests' links"), "access_guestlink_changelist", "link", "registry.view"),
            (_("Units"), "premises_unit_changelist", "apartment", "registry.view"),
            (_("People"), "premises_person_changelist", "group", "registry.view"),
            (_("Holidays"), "access_holiday_changelist", "event", "registry.view"),
            (_("Condominiums"), "premises_condominium_changelist", "location_city", "registry.view"),
        ),
    ),
    (
        _("Devices"),
        (
            (_("Lanes"), "access_lane_changelist", "alt_route", "devices.view"),
            (_("Travel times"), "access_traveltime_changelist", "timer", "devices.view"),
            (_("Cameras"), "cameras_camera_changelist", "videocam", "devices.view"),
            (_("Recorders"), "cameras_recorder_changelist", "dns", "devices.view"),
            (_("Gates"), "gates_gate_changelist", "fence", "devices.view"),
            (_("Set-up"), "setup:begin", "checklist", "devices.change"),
            (_("Controllers"), "gates_controller_changelist", "memory", "devices.view"),
            (_("Home Assistant"), "gates_homeassistant_changelist", "home_iot_device", "devices.view"),
            (_("Lists on boards"), "gates_keylist_changelist", "sim_card", "devices.view"),
        ),
    ),
    (
        _("Data protection"),
        (
            (_("Requests"), "access_subjectrequest_changelist", "contact_page", "privacy.view"),
            (_("Retention"), "access_retentionpolicy_changelist", "auto_delete", "privacy.view"),
        ),
    ),
    (
        _("Accounts"),
        (
            (_("Members"), "premises_membership_changelist", "manage_accounts", "accounts.view"),
            (_("Invitations"), "portal_invitation_changelist", "mail", "accounts.view"),
            (_("API clients"), "premises_apiclient_changelist", "api", "accounts.view"),
        ),
    ),
    (
        _("System"),
        (
            (_("Users"), "premises_user_changelist", "person", None),
            (_("Timetable"), "django_celery_beat_periodictask_changelist", "schedule", None),
            (_("Failed sign-ins"), "axes_accessattempt_changelist", "lock_person", None),
            (_("Sign-ins"), "axes_accesslog_changelist", "login", None),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of which the user may see anything."""
    groups = [{"title": title, "separator": True, "items": list(_items(request, rows))} for title, rows in GROUPS]
    return [group for group in groups if group["items"]]


def _items(request: HttpRequest, rows: Any) -> Iterator[dict[str, Any]]:
    held = grants(request)
    for title, page, icon, permission in rows:
        if _may(request, held, permission) or (page.startswith("premises_condominium") and _owner(request)):
            yield {"title": title, "icon": icon, "link": reverse(page if ":" in page else f"admin:{page}")}


def _may(request: HttpRequest, held: Grants, permission: str | None) -> bool:
    return held.allow(permission) if permission else _owner(request)


def _owner(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
