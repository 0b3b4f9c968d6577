"""Taking a decision: what the rules are told, and writing down what they say, once."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from access import arrivals, home_told, policies, reasons, rules, telling
from access.models import Decision, Detection, Lane, Passage
from access.policies import Policy
from access.reasons import Outcome
from access.record import registry_for
from access.replaying import Basis
from access.rolls import roll_of
from access.rules import Evidence, Verdict
from access.suspecting import suspect
from gates.commands import request_open
from gates.models import GateCommand
from premises import journal
from recognition import Read, canonical, is_possible

logger = logging.getLogger("access")


def settle(
    passage: Passage,
    reads: Sequence[Read],
    fused: Read,
    detection: Detection | None,
    *,
    present: bool,
    enough: bool,
    now: datetime,
) -> Decision | None:
    """Decide a passage if the evidence suffices; None where it does not, or where it was decided before.

    Decision, passage, gate command and journal are one transaction. If it fails nothing opens, and that is the
    decision. A failure to write down even that is raised.
    """
    try:
        with transaction.atomic():
            evidence = replace(evidence_of(passage.lane, reads, fused), enough=enough, present=present)
            registry = registry_for(passage.lane, evidence.named, now, passage.last_seen_at)
            basis = Basis(evidence, suspect(registry, passage, detection), now)
            verdict = rules.decide(basis.evidence, basis.registry, now)
            return _write(passage, verdict, basis, detection, now) if verdict else None
    except Exception:  # whatever failed was rolled back, so nothing opened; a person must hear of it
        logger.exception("%s: the decision on %s could not be carried out", passage.lane, passage.plate)
        return _write(passage, rules.failure(), None, detection, now)


def evidence_of(lane: Lane, reads: Sequence[Read], fused: Read) -> Evidence:
    """What was seen, held against all plates on record as far as the lane's policy asks for that."""
    texts = tuple(read.text for read in reads)
    evidence = Evidence(fused.text, fused.certainty, texts, is_possible(fused.text))
    if lane.policy == Policy.EXACT:
        return evidence
    roll = roll_of(lane.condominium_id, evidence.keys)
    if lane.policy == Policy.AGREEING:
        return replace(evidence, agreeing=roll.agreeing(fused.text, lane.agreeing))
    # An engine that was never calibrated says how sure it is, but not how often it is right.
    return replace(evidence, weights=roll.weigh(fused.probabilities)) if fused.probability is not None else evidence


@transaction.atomic
def _write(
    passage: Passage, verdict: Verdict, basis: Basis | None, detection: Detection | None, now: datetime
) -> Decision | None:
    if not _move(passage, verdict, now):
        return None
    command = _open(passage, verdict) if verdict.outcome == Outcome.OPEN else None
    decision = Decision.objects.create(
        condominium_id=passage.condominium_id,
        passage=passage,
        outcome=verdict.outcome,
        reason=verdict.reason,
        facts=verdict.facts | (_weights(basis.evidence) if basis else {}),
        at=now,
        policy=policies.named(passage.lane.policy, basis.evidence.seen) if basis else passage.lane.policy,
        vehicle_id=verdict.vehicle_id,
        permit_id=verdict.permit_id,
        detection=detection,
        command_id=command.pk if command else None,
    )
    _journal(decision, basis, detection)
    arrivals.tell(decision)
    home_told.tell(decision)
    transaction.on_commit(lambda: _log(passage, decision, detection))
    return decision


def _weights(evidence: Evidence) -> dict[str, Any]:
    """How much spoke for whom; whoever has less than one in a million is left out."""
    if evidence.weights is None:
        return {}
    shares = {each.key: min(round(each.share, 6), 1 - 1e-6) for each in evidence.weights.shares if each.share >= 1e-6}
    return {"shares": shares, "stranger": round(evidence.weights.stranger, 6)}


def _move(passage: Passage, verdict: Verdict, now: datetime) -> bool:
    """Compare and set: a passage is decided once."""
    change = {
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "decided_at": now,
        "vehicle_id": verdict.vehicle_id,
        "unit_name": str(verdict.facts.get("unit") or "")[:42],
        "owner_name": str(verdict.facts.get("owner") or "")[:120],
    }
    if "read" in verdict.facts:  # another plate was read than the one that is meant: it is found by that
        change["plate_key"] = canonical(verdict.facts["plate"])
    if not Passage.objects.filter(pk=passage.pk, outcome="").update(**change):
        return False
    for name, value in change.items():
        setattr(passage, name, value)
    return True


def _open(passage: Passage, verdict: Verdict) -> GateCommand:
    gate = passage.lane.gate
    if gate is None:
        raise ValueError(f"{passage.lane} has no gate to open")
    why = reasons.sentence(verdict.reason, verdict.facts)
    return request_open(gate, by=journal.SYSTEM, reason=why, passage_id=passage.pk)


def _journal(decision: Decision, basis: Basis | None, detection: Detection | None) -> None:
    passage = decision.passage
    data = {
        "lane": passage.lane.name,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "facts": decision.facts,
        "policy": decision.policy,
        "pictures": passage.frames,
        "score": round(passage.score, 4),
        "command": decision.command_id,
    }
    if basis is not None:
        data["basis"] = basis.noted()
    if detection is not None:
        data |= {
            "engine": f"{detection.engine} {detection.engine_version}",
            "detection": detection.pk,
            "picture_sha256": detection.frame_digest,
        }
    journal.record(passage.condominium_id, "passage.decided", subject=passage.plate, passage_id=passage.pk, data=data)


def _log(passage: Passage, decision: Decision, detection: Detection | None) -> None:
    with translation.override("en"):
        why = decision.get_reason_display()
        if decision.outcome == Outcome.OPEN:
            why = telling.holder({"unit": passage.unit_name}) or why
        what = decision.get_outcome_display()
    after = timezone.now() - (detection.taken_at if detection else passage.last_seen_at)
    ms = round(after.total_seconds() * 1000)
    logger.info("%s: %s %s – %s (%d ms after the picture)", passage.lane, passage.plate, what, why, ms)
