"""Taking measured figures over into the repository: beside the weights, into the floors, and into the tables.

A figure lower than its floor is refused unless a reason is given, which is kept in `tests/recognition/floors.json`.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from recognition.engines import load_engine
from tests.plate_bench import drawn_sets, tables

ROOT = Path(__file__).resolve().parents[2]
# The engines whose weights we train.
WEIGHTS = {"cancela": ROOT / "recognition/cancela/weights", "window": ROOT / "recognition/window/weights"}
FLOORS = ROOT / "tests/recognition/floors.json"
TABLES = {
    ROOT / "README.md": ("cancela", "window", "classical", "peer"),
    ROOT / "recognition/cancela/weights/MODEL_CARD.md": ("cancela", "peer"),
}
COUNTED = ("plates", "exact", "within_one", "invented")
_BEGIN, _END = "<!-- written by make bench-recognition ACCEPT=1 -->", "<!-- end -->"

Counts = dict[str, int]
ByEngine = dict[str, dict[str, Counts]]


class NotAccepted(Exception):  # noqa: N818
    """The run must not be taken over; the message says why."""


def weights() -> dict[str, dict[str, str]]:
    """By engine, the SHA-256 of every file of its weights; an engine without any is left out."""
    return {engine: found for engine, folder in WEIGHTS.items() if (found := digests(folder))}


def digests(folder: Path) -> dict[str, str]:
    """The files that an engine loads: networks and the calibration."""
    files = sorted([*folder.glob("*.onnx"), *folder.glob("calibration.json")])
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def accept(report: tables.Report, reason: str = "") -> list[Path]:
    """Write figures, floors and tables; returns what was written. Raises `NotAccepted` with nothing written."""
    _check_whole(report)
    floors = json.loads(FLOORS.read_text())
    measured = {engine: _figures(report, engine) for engine in report["weights"]}
    drawn = {engine: drawn_sets.measured(load_engine(engine)) for engine in measured}
    worse = [*_lower(measured, floors["figures"]), *_lower(drawn, floors["drawn"])]
    if worse and not reason:
        raise NotAccepted("Lower than the floors (--lower REASON takes them all the same):\n" + "\n".join(worse))
    written = [_write_figures(report, engine, rows) for engine, rows in measured.items()]
    floors["figures"], floors["drawn"] = measured, drawn
    floors["lowered"] += [{"date": report["measured"]["date"], "reason": reason, "figures": worse}] if worse else []
    _write_json(FLOORS, floors)
    return [*written, FLOORS, *(path for path in TABLES if _write_table(path, report))]


def _check_whole(report: tables.Report) -> None:
    facts = report["measured"]
    if facts["limit"] or facts["part"] or facts["weights"]:
        raise NotAccepted("The run did not measure every picture of every set with the shipped weights.")
    if set(report["sets"]) != set(tables.TITLES):
        raise NotAccepted(f"Sets are missing: {', '.join(sorted(set(tables.TITLES) - set(report['sets'])))}.")
    if report["errors"]:
        raise NotAccepted(f"An engine broke on pictures: {report['errors'][0]}")
    if report["weights"] != weights():
        raise NotAccepted("The weights are not those that were measured: measure again.")
    pairs = {f"{engine} on {row}" for engine in report["weights"] for row in tables.TITLES}
    measured = {f"{engine} on {row}" for row, results in report["sets"].items() for engine in results}
    if missing := sorted(pairs - measured):
        raise NotAccepted(f"Not measured: {', '.join(missing)}.")


def _figures(report: tables.Report, engine: str) -> dict[str, Counts]:
    rows = report["sets"].items()
    return {name: {key: results[engine][key] for key in COUNTED} for name, results in rows if engine in results}


def _lower(measured: ByEngine, floors: ByEngine) -> Iterator[str]:
    for engine, rows in floors.items():
        for name, floor in rows.items():
            figures = measured.get(engine, {}).get(name)
            yield from (f"{engine}, {name}: {fault}" for fault in below(figures, floor))


def below(figures: Counts | None, floor: Counts, slack: int = 0) -> Iterator[str]:
    """What of some figures is worse than the floor, by more than `slack` plates.

    Figures of another number of plates cannot be compared, and count as worse.
    """
    if figures is None or figures["plates"] != floor["plates"]:
        yield f"measured over {figures['plates'] if figures else 'no'} plates, the floor over {floor['plates']}"
        return
    for key in ("exact", "within_one"):
        if figures[key] < floor[key] - slack:
            yield f"{key} {figures[key]}, the floor is {floor[key]}"
    if figures["invented"] > floor["invented"] + slack:
        yield f"invented {figures['invented']}, at most {floor['invented']}"


def _write_figures(report: tables.Report, engine: str, rows: dict[str, Counts]) -> Path:
    path = WEIGHTS[engine] / "figures.json"
    _write_json(path, {"measured": report["measured"]["date"], "sha256": report["weights"][engine], "figures": rows})
    return path


def _write_json(path: Path, told: object) -> None:
    path.write_text(json.dumps(told, indent=1) + "\n")


def _write_table(path: Path, report: tables.Report) -> bool:
    """Put the short table between the marks of a page; whether it has them."""
    text = path.read_text() if path.is_file() else ""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not end:
        return False
    measured = [name for name in TABLES[path] if name in report["versions"]]
    path.write_text(f"{before}{begin}\n{tables.short(report, measured)}\n{end}{after}")
    return True
