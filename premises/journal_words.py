"""The journal's codes in words. A code that nobody put here is shown as it is."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "account.app_added": _("authenticator app added to the own account"),
    "account.app_removed": _("authenticator app removed from the own account"),
    "account.email_changed": _("e-mail of the own account changed"),
    "account.passkey_added": _("passkey added to the own account"),
    "account.passkey_removed": _("passkey removed from the own account"),
    "account.password_changed": _("own password changed"),
    "account.password_reset": _("own password set anew by e-mail"),
    "account.recovery_codes_made": _("recovery codes of the own account made"),
    "account.recovery_codes_removed": _("recovery codes of the own account removed"),
    "account.sessions_ended": _("own sessions ended"),
    "apiclient.renewed": _("token made anew"),
    "controller.registered": _("controller registered"),
    "controller.revoked": _("controller taken out of service"),
    "controller.rotated": _("controller's key made anew"),
    "gate.button": _("button at the gate pressed"),
    "gate.button_ignored": _("button at the gate pressed, and not obeyed"),
    "gate.opened_offline": _("gate opened by its board, the server being away"),
    "gate.refused_offline": _("key refused by the board, the server being away"),
    "gate.reader_locked": _("reader locked after too many wrong keys"),
    "gate.log_gap": _("entries of a board's log lost"),
    "gate.key_refused": _("key refused"),
    "gate.held": _("gate stopped"),
    "gate.held_open": _("gate held open"),
    "gate.let_go": _("gate no longer held open"),
    "gate.hold_ended": _("gate no longer held open: it ended by itself"),
    "gate.hold_lost": _("gate could not be held open"),
    "gate.locked_down": _("gate locked down"),
    "gate.freed": _("gate's lock-down ended"),
    "gate.stood_open": _("opening not needed: the gate was held open"),
    "gate.given_back": _("gate given back"),
    "gates.held": _("all gates stopped"),
    "gates.given_back": _("all gates given back"),
    "gates.locked_down": _("condominium locked down"),
    "gates.freed": _("condominium's lock-down ended"),
    "gate.requested": _("opening asked for"),
    "gate.sent": _("opening sent to the controller"),
    "gate.accepted": _("opening accepted by the controller"),
    "gate.pulsed": _("relay pulsed"),
    "gate.confirmed": _("gate seen open"),
    "gate.refused": _("opening refused by the controller"),
    "gate.expired": _("opening expired"),
    "gate.failed": _("opening failed"),
    "gate.unanswered": _("opening sent; the board gives no answer"),
    "invitation.accepted": _("invitation accepted"),
    "invitation.sent": _("invitation sent"),
    "invitation.sent_again": _("invitation sent again"),
    "invitation.taken_back": _("invitation taken back"),
    "guest.invited": _("guest invited by a link"),
    "guest.link_renewed": _("guest's link made anew"),
    "guest.link_taken_back": _("guest's link taken back"),
    "guest.link_used": _("guest announced the own vehicle by a link"),
    "homeassistant.renewed": _("Home Assistant's password made anew"),
    "journal.erased": _("journal entries erased"),
    "lane.rehearsed": _("lane rehearsed"),
    "membership.password_set": _("password set by a manager"),
    "membership.second_factor_removed": _("second factors removed by a manager"),
    "key.given": _("key given out"),
    "key.ended": _("key taken back"),
    "note.done": _("note of the gatehouse done"),
    "note.left": _("note left at the gatehouse"),
    "owner.looked_up": _("whose plate it is looked up"),
    "passage.corrected": _("plate corrected"),
    "passage.decided": _("passage decided"),
    "passage.dismissed": _("passage said to be none of ours"),
    "passage.turned_away": _("turned away by the guard"),
    "passage.viewed": _("passage looked at"),
    "passages.listed": _("list of passages looked at"),
    "passages.purged": _("passages purged"),
    "permit.added": _("permit given"),
    "records.purged": _("old notes, invitations and guests' links removed"),
    "recorder.resumed": _("recorder asked again"),
    "recorder.stopped": _("recorder stopped"),
    "report.made": _("report made"),
    "shift.taken_over": _("duty taken over"),
    "vehicle.forgiven": _("vehicle's whereabouts forgotten"),
    "vehicle.approved": _("vehicle approved"),
    "vehicle.contested": _("vehicle proposed by another unit too"),
    "vehicle.ended": _("vehicle signed off"),
    "vehicle.handed_over": _("vehicle handed over to another unit"),
    "vehicle.left_with_holder": _("vehicle left with its unit"),
    "vehicle.proposed": _("vehicle proposed"),
    "vehicle.refused": _("vehicle refused"),
    "subjectrequest.closed": _("data-subject request closed"),
    "subjectrequest.downloaded": _("archive of a data-subject request downloaded"),
    "subjectrequest.erased": _("erased for a data-subject request"),
    "subjectrequest.gathered": _("gathered for a data-subject request"),
    "subjectrequest.opened": _("data-subject request opened"),
    "vehicle.registered": _("vehicle registered"),
    "vehicle.taken_up": _("vehicle taken up again"),
    "vehicles.exported": _("list of vehicles exported"),
    "vehicles.imported": _("list of vehicles imported"),
    "visitor.announced": _("visitor announced"),
    "visitor.taken_back": _("visitor's pass taken back"),
}

# What any row may go through in the admin: "unit.added".
CHANGES: dict[str, Any] = {
    "added": _("%(kind)s added"),
    "changed": _("%(kind)s changed"),
    "deleted": _("%(kind)s deleted"),
}


# How an entry's details are told in a sentence, by the beginning of its action. Each part puts its own here.
TELLERS: dict[str, Callable[[dict[str, Any]], str]] = {}


def details(action: str, data: dict[str, Any]) -> str:
    """What an entry's details say, in a line."""
    teller = TELLERS.get(action) or TELLERS.get(action.partition(".")[0])
    if teller is not None and (told := teller(data)):
        return told
    plain = {name: value for name, value in data.items() if value and not isinstance(value, dict)}
    return ", ".join(f"{name}: {_text(value)}" for name, value in plain.items())[:160]


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def words(action: str) -> str:
    """An entry's action for a person."""
    if action in WORDS:
        return str(WORDS[action])
    name, _dot, verb = action.partition(".")
    kind = _kinds().get(name)
    return str(CHANGES[verb]) % {"kind": kind} if kind and verb in CHANGES else action


def _kinds() -> dict[str, str]:
    return {model._meta.model_name or "": str(model._meta.verbose_name) for model in apps.get_models()}
