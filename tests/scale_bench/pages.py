"""What is asked: addresses, by whom, with values that are really there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone

from access.models import Lane, Passage, Vehicle
from premises.models import Condominium, Unit
from recognition import spellings


@dataclass(frozen=True)
class Page:
    name: str
    address: str
    asked: dict[str, Any]


def admin_pages(condominium: Condominium) -> list[Page]:
    passages = reverse("admin:access_passage_changelist")
    return [
        Page("dashboard", reverse("admin:index"), {}),
        Page("report, a month", reverse("reports:page"), _period(condominium, 30)),
        *(Page(f"passages, {name}", passages, asked) for name, asked in questions(condominium).items()),
        Page("journal", reverse("admin:premises_journalentry_changelist"), {}),
        Page("journal, a day", reverse("admin:premises_journalentry_changelist"), _days("at", 3, 1)),
        Page("detections", reverse("admin:access_detection_changelist"), {}),
        Page("decisions", reverse("admin:access_decision_changelist"), {}),
        Page("gate commands", reverse("admin:gates_gatecommand_changelist"), {}),
        Page("vehicles", reverse("admin:access_vehicle_changelist"), {}),
        Page("vehicles, searched", reverse("admin:access_vehicle_changelist"), {"q": plate_of(condominium)[1:5]}),
    ]


def questions(condominium: Condominium) -> dict[str, dict[str, Any]]:
    """How the list of passages is filtered and searched."""
    lane = Lane.objects.filter(condominium=condominium).order_by("pk")[0]
    unit = str(Unit.objects.filter(condominium=condominium).order_by("pk")[3])
    plate = plate_of(condominium)
    old, mercosul = spellings(plate)
    return {
        "plain": {},
        "page 2": {"p": 2},
        "page 300": {"p": 300},
        "a day": _days("opened_at", 40, 1),
        "a month": _days("opened_at", 60, 30),
        "a lane": {"lane__id__exact": lane.pk},
        "opened": {"outcome__exact": "open"},
        "for the guard": {"outcome__exact": "ask"},
        "recorded only (none)": {"outcome__exact": "record"},
        "not registered": {"reason__exact": "unknown_plate"},
        "expired": {"reason__exact": "expired"},
        "an error (none)": {"reason__exact": "error"},
        "expired, a month": {"reason__exact": "expired"} | _days("opened_at", 60, 30),
        "a lane, for the guard": {"lane__id__exact": lane.pk, "outcome__exact": "ask"},
        "a unit": {"unit": unit},
        "missed, doubtful": {"missed": "doubtful"},
        "missed, corrected": {"missed": "corrected"},
        "plate": {"q": mercosul},
        "plate, old spelling": {"q": old},
        "plate, 3 at its start": {"q": plate[:3]},
        "plate, 3 in the middle": {"q": mercosul[2:5]},
        "plate, 3 at its end": {"q": mercosul[4:]},
        "plate, 4 digits": {"q": old[3:]},
        "plate, 2": {"q": mercosul[4:6]},
        "plate, 1": {"q": "7"},
        "plate that never came": {"q": "QQQ0Q00"},
        "an owner": {"q": "Silva"},
        "an owner's two names": {"q": "Mônica Prado"},
        "a unit's number": {"q": unit.split()[-1]},
        "a plate, a month": {"q": mercosul[2:5]} | _days("opened_at", 60, 30),
        "nonsense": {"q": "zzzyyyxxx"},
    }


def api_pages(condominium: Condominium) -> list[Page]:
    lane = Lane.objects.filter(condominium=condominium).order_by("pk")[0]
    vehicle = Vehicle.objects.filter(condominium=condominium).order_by("pk")[7]
    plate = plate_of(condominium)
    since = (timezone.now() - timedelta(days=60)).isoformat()
    asked: dict[str, dict[str, Any]] = {
        "plain": {},
        "further on": {"offset": 5000},
        "a month": {"since": since, "until": (timezone.now() - timedelta(days=30)).isoformat()},
        "a lane": {"lane": lane.pk},
        "a unit": {"unit": vehicle.unit_id},
        "a vehicle": {"vehicle": vehicle.pk},
        "for the guard": {"outcome": "ask"},
        "an error (none)": {"reason": "error"},
        "plate": {"plate": plate},
        "plate, 3 in the middle": {"plate": plate[2:5]},
    }
    many = list(Vehicle.objects.filter(condominium=condominium).values_list("plate", flat=True)[:100])
    return [
        *(Page(f"api: passages, {name}", "/api/v1/passages", filters) for name, filters in asked.items()),
        Page("check-license-plate", checking([plate], 3), {}),
        Page("check-license-plate, a year", checking([plate], 360), {}),
        Page("check-license-plate, 100 plates", checking(many, 3), {}),
    ]


def checking(plates: list[str], days: int) -> str:
    since = timezone.now() - timedelta(days=days)
    return f"/check-license-plate/{','.join(plates)}/{quote(since.isoformat(timespec='seconds'))}"


def plate_of(condominium: Condominium) -> str:
    """A registered plate of two spellings that passed."""
    passed = Passage.objects.filter(condominium=condominium, vehicle__isnull=False, vehicle__plate_old__gt="")
    return passed.order_by("-opened_at")[0].plate_key


def _period(condominium: Condominium, number: int) -> dict[str, Any]:
    last = timezone.now() - timedelta(days=30)
    first = last - timedelta(days=number - 1)
    days = {"first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
    return {"condominium": condominium.pk, "preset": "from_to", **days}


def _days(name: str, ago: int, number: int) -> dict[str, str]:
    first: datetime = timezone.now() - timedelta(days=ago)
    last = first + timedelta(days=number - 1)
    return {f"{name}_from": f"{first:%Y-%m-%d}", f"{name}_to": f"{last:%Y-%m-%d}"}
