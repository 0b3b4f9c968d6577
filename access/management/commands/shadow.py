"""`manage.py shadow LANE --policy strict`: what would have been decided differently in the last days."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access import shadow_runs
from access.models import Engine, Lane, RunState, ShadowRun
from access.policies import Policy


class Command(BaseCommand):
    help = "Decide a lane's last days again with a change that is not made, and say what would have been different."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lane", type=int, help="the number of a lane")
        parser.add_argument("--policy", choices=Policy.values)
        parser.add_argument("--agreeing", type=int, choices=range(4, 8), help="for the policy that counts: of 7")
        parser.add_argument("--frames", type=int, choices=range(1, 21), help="pictures before a refusal")
        parser.add_argument("--engine", choices=Engine.values, help="reads the pictures again that are kept")
        parser.add_argument("--days", type=int, default=shadow_runs.DAYS, help="(default: %(default)s)")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        lane = Lane.objects.select_related("gate", "condominium").filter(pk=options["lane"]).first()
        if lane is None:
            raise CommandError("There is no such lane.")
        if options["days"] < 1:
            raise CommandError("--days: at least one.")
        run = shadow_runs.start(lane, _wanted(lane, options), by="command line", days=options["days"])
        while shadow_runs.proceed(run):
            pass
        if run.state == RunState.FAILED:
            raise CommandError(run.problem)
        told = {name: getattr(run, name) for name in ("before", "wanted", "total", "counts", "differences")}
        self.stdout.write(json.dumps({"lane": lane.pk, **told}, indent=1) if options["json"] else _text(run))


def _wanted(lane: Lane, options: dict[str, Any]) -> Any:
    asked = {name: options[name] for name in ("policy", "agreeing", "engine")}
    asked["frames_to_refuse"] = options["frames"]
    return shadow_runs.settings_of(lane, **{name: value for name, value in asked.items() if value is not None})


def _text(run: ShadowRun) -> str:
    counts = run.counts
    change = ", ".join(f"{name} {run.before[name]} → {run.wanted[name]}" for name in run.changed) or "no change"
    lines = [
        f"{run.lane}: {change}",
        f"{counts['compared']} of {run.total} passages compared ({counts['today']} by the records of today), "
        f"{counts['left_out']} left out, {counts['unseen']} without a picture",
        f"{'':<8}{'then':>6}{'now':>6}",
        *(f"{name:<8}{counts[name][0]:>6}{counts[name][1]:>6}" for name in ("opened", "asked")),
        f"different: {counts['better']} known to be better, {counts['worse']} known to be worse, "
        f"{counts['unknown']} not known",
    ]
    return "\n".join([*lines, *(_line(each) for each in run.differences)])


def _line(each: dict[str, Any]) -> str:
    then, now = (f"{each[when]['outcome']}/{each[when]['reason']}" for when in ("then", "now"))
    return f"{each['known']:<8} {each['passage']}  {then} → {now}"
