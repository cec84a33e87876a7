"""How much of the machine others used while we measured. Linux only; elsewhere nothing is known and 0 is told."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

__all__ = ["Meter", "quietest"]

_TICKS = os.sysconf("SC_CLK_TCK")
FOREIGN = 0.10
"""Up to this share of the cores in other hands, a round counts as quiet."""
T = TypeVar("T")


class Meter:
    """Begins with its making; ``foreign`` is the share of all cores that went to processes that are not ours."""

    def __init__(self) -> None:
        self._began, self._busy, self._ours = time.perf_counter(), _busy(), _ours()

    def foreign(self) -> float:
        seconds = (time.perf_counter() - self._began) * (os.cpu_count() or 1)
        return max(0.0, (_busy() - self._busy) - (_ours() - self._ours)) / seconds if seconds else 0.0


def quietest(measure: Callable[[int], T], rounds: int, most: int) -> tuple[list[T], float]:
    """``measure(round)`` until that many rounds were quiet, ``most`` at most; the quietest, and the worst of theirs."""
    found: list[tuple[float, int, T]] = []
    while len(found) < most and sum(foreign <= FOREIGN for foreign, _, _ in found) < rounds:
        meter, number = Meter(), len(found)
        value = measure(number)
        found.append((meter.foreign(), number, value))
    kept = sorted(found, key=lambda one: one[:2])[:rounds]
    return [value for _, _, value in kept], max(foreign for foreign, _, _ in kept)


def _busy() -> float:
    """CPU seconds of the whole machine since it started, time that was stolen from it included."""
    try:
        fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    except OSError:
        return 0.0
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, fields[:8])
    return (user + nice + system + irq + soft + steal) / _TICKS


def _ours() -> float:
    """CPU seconds of this process, its children and theirs, those that ended included."""
    return sum(_of(pid) for pid in _family(os.getpid()))


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from _family(child)


def _of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS
