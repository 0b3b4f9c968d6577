"""The run over the sets: every picture goes to all entrants in turn, so that the machine's noise meets all alike."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from recognition.evaluation import Label
from tests.plate_bench.entrants import Files
from tests.plate_bench.lockstep import Absent, Answer, Child
from tests.plate_bench.sets import Picture, PlateSet

Work = Sequence[tuple[PlateSet, list[Picture]]]


@dataclass(frozen=True)
class Shot:
    """One picture as one entrant read it."""

    test_set: PlateSet
    path: Path
    labels: list[Label]
    entrant: str
    answer: Answer


@dataclass
class Run:
    """`versions` of those that took part; `absent` says why others did not, `no_crops` why not where crops are read."""

    shots: list[Shot] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    no_crops: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Run") -> None:
        self.shots += other.shots
        for own, more in zip(self._facts(), other._facts(), strict=True):
            own.update(more)

    def _facts(self) -> tuple[dict[str, str], ...]:
        return self.versions, self.absent, self.no_crops


class Team:
    """The entrants of one lane, each in its process. Who reads crops alone is another process."""

    def __init__(self, names: Sequence[str], files: Files, *, crops: bool, stack: ExitStack) -> None:
        children = [stack.enter_context(Child(name, files, crops=crops)) for name in names]
        self.present: list[Child] = []
        self.versions: dict[str, str] = {}
        self.absent: dict[str, str] = {}
        for child in children:
            self._meet(child)

    def _meet(self, child: Child) -> None:
        try:
            self.versions[child.name] = child.meet()
        except Absent as reason:
            self.absent[child.name] = str(reason)
        else:
            self.present.append(child)

    def ask(self, picture: Path, turn: int) -> list[tuple[str, Answer]]:
        """Every entrant's answer, one after another; who begins changes from picture to picture."""
        if not self.present:
            return []
        begin = turn % len(self.present)
        return [(child.name, child.ask(picture)) for child in self.present[begin:] + self.present[:begin]]


def run_sets(work: Work, names: Sequence[str], files: Files, *, lanes: int, step: Callable[[], object]) -> Run:
    """All sets, their pictures dealt out to `lanes` threads; each lane has processes of its own.

    `step` is called after every picture. Shots come in the order of the sets and of their pictures.
    """
    shares = [[(each, pictures[lane::lanes]) for each, pictures in work] for lane in range(lanes)]
    whole = Run()
    with ThreadPoolExecutor(lanes) as pool:
        for part in pool.map(lambda share: _run_lane(share, names, files, step), shares):
            whole.add(part)
    whole.shots.sort(key=_place(work))
    return whole


def _place(work: Work) -> Callable[[Shot], int]:
    order = {path: at for at, path in enumerate(path for _, pictures in work for path, _ in pictures)}
    return lambda shot: order[shot.path]


def _run_lane(work: Work, names: Sequence[str], files: Files, step: Callable[[], object]) -> Run:
    run = Run()
    with ExitStack() as stack:
        whole = Team(names, files, crops=False, stack=stack)
        run.versions, run.absent = whole.versions, whole.absent
        for test_set, pictures in work:
            if not pictures:
                continue
            team = whole
            if test_set.crops:
                team = Team(list(whole.versions), files, crops=True, stack=stack)
                run.no_crops = team.absent
            for turn, (path, labels) in enumerate(pictures):
                run.shots += [Shot(test_set, path, labels, *answer) for answer in team.ask(path, turn)]
                step()
    return run
