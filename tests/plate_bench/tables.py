"""The report as Markdown: everything for whoever compares, and the short table of the README."""

from collections.abc import Iterable, Sequence
from typing import Any

Report = dict[str, Any]

TITLES = {
    "br_street": "Brazil, street, oblique (`br_street`, all)",
    "br_street_held": "Brazil, street, oblique: the third never trained on",
    "br_street_held_shown": "the same, where the picture shows a plate",
    "br_gantry_crops": "Brazil, old plates, crops (`br_gantry_crops`, reader alone)",
    "eu_stills": "Europe (`eu_stills`, 0/O and 1/I as one)",
    "seed_groups": "the tutorial's groups (`seed_groups`)",
    "in_web": "India, web, one and two lines (`in_web`)",
    "us_security": "USA, small plates (`us_security`)",
    "no_plate": "no plate in the picture: plates invented (`no_plate`)",
    "drawn_motorcycles": "motorcycles, two lines, old and Mercosul: **drawn by us**",
}
# Rows of which a part was trained on, by the engines that we train; † in the short table.
SEEN = {"br_street": ("cancela", "window")}
NAMES = {"peer": "fast-alpr's weights"}
_ERRORS = 10  # shown


def full(report: Report) -> str:
    """All that was measured."""
    parts = [_heading(report), _sets(report), _memory(report), _speed(report), _remarks(report)]
    return "\n\n".join(part for part in parts if part) + "\n"


def short(report: Report, entrants: Sequence[str]) -> str:
    """Sets by entrants: exact, and within one character; for pictures without a plate, what was invented."""
    rows = [
        [TITLES[name], str(_of(results)), *(_cell(results.get(one)) + _mark(name, one) for one in entrants)]
        for name, results in report["sets"].items()
    ]
    rows += _costs(report, entrants)
    return _table(["set", "plates", *(NAMES.get(entrant, f"`{entrant}`") for entrant in entrants)], rows)


def _of(results: dict[str, Any]) -> int:
    any_one = next(iter(results.values()))
    return int(any_one["plates"] or any_one["images"])


def _cell(result: dict[str, Any] | None) -> str:
    if result is None:
        return "–"
    if not result["plates"]:
        return str(result["invented"])
    return f"{_share(result, 'exact')} ({_share(result, 'within_one')})"


def _mark(name: str, entrant: str) -> str:
    return " †" if entrant in SEEN.get(name, ()) else ""


def _share(result: dict[str, Any], name: str) -> str:
    return f"{100 * result[name] / result['plates']:.1f} %"


def _costs(report: Report, entrants: Sequence[str]) -> list[list[str]]:
    if not report["speed"]:
        return []
    rows = {
        "ms of processor time, a frame of 1280 pixels, best / median": "{best_ms} / {median_ms}",
        "memory held / peak, MiB": "{resident_mb:.0f} / {peak_mb:.0f}",
        "start of the program to the first read, s": "{first_read_s:.1f}",
    }
    speed = report["speed"]
    return [
        [title, "", *(form.format(**speed[entrant]) if entrant in speed else "–" for entrant in entrants)]
        for title, form in rows.items()
    ]


def _heading(report: Report) -> str:
    facts = report["measured"]
    limited = f" **Only the first {facts['limit']} pictures of each set.**" if facts["limit"] else ""
    return (
        f"# Plates read\n\n{facts['date']}, {facts['machine']}, {facts['lanes']} lanes, one thread each;"
        f" {facts['seconds']:.0f} s.{limited}\n\n"
        "`exact`, `within one`, `missed`, `invented`: as `recognition/evaluation.py` counts them. Of `br_street` only"
        " the row of the held third is new to `cancela` and `window`. `drawn_motorcycles` is synthetic: drawn by us."
    )


def _sets(report: Report) -> str:
    rows = [
        [name, NAMES.get(entrant, entrant), *_counts(result), str(result["cpu_ms_median"]), str(result["cpu_ms_p95"])]
        for name, results in report["sets"].items()
        for entrant, result in results.items()
    ]
    counts = ["pictures", "plates", "exact", "within one", "missed", "invented"]
    return _table(["set", "engine", *counts, "CPU ms median", "p95"], rows)


def _counts(result: dict[str, Any]) -> list[str]:
    shown = [str(result["images"]), str(result["plates"])]
    for name in ("exact", "within_one"):
        shown.append(f"{result[name]} ({_share(result, name)})" if result["plates"] else "–")
    return [*shown, str(result["missed"]), str(result["invented"])]


def _memory(report: Report) -> str:
    rows = [
        [NAMES.get(name, name), str(each["peak_mb"]), str(each["resident_mb"])]
        for name, each in report["memory"].items()
    ]
    return _table(["engine, over all whole pictures", "peak MiB", "held at the end, MiB"], rows)


def _speed(report: Report) -> str:
    speed = report["speed"]
    if not speed:
        return ""
    peer = speed.get("peer")
    columns = ["best_ms", "median_ms", "p95_ms", "resident_mb", "peak_mb", "first_read_s"]
    rows = [
        [NAMES.get(name, name), *(str(one[c]) for c in columns), *_ratios(one, peer)] for name, one in speed.items()
    ]
    heads = ["best ms", "median ms", "p95 ms", "held MiB", "peak MiB", "first read s", "best, of the peer's", "median"]
    frames = report["measured"]["frames"]
    return f"## {frames} frames, 1280 pixels wide, in turn\n\n" + _table(["engine", *heads], rows)


def _ratios(one: dict[str, float], peer: dict[str, float] | None) -> list[str]:
    if not peer:
        return ["–", "–"]
    return [f"{one[name] / peer[name]:.3f}" for name in ("best_ms", "median_ms")]


def _remarks(report: Report) -> str:
    lines = [f"- {name} did not take part: {why}" for name, why in report["absent"].items()]
    lines += [f"- {name} does not read crops alone: {why}" for name, why in report["no_crops"].items()]
    lines += [f"- broke on a picture, counted as unread: {error}" for error in report["errors"][:_ERRORS]]
    if (more := len(report["errors"]) - _ERRORS) > 0:
        lines.append(f"- broke on {more} more pictures: see bench.json")
    return "\n".join(lines)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
