# SPDX-License-Identifier: GPL-2.0-or-later
"""Medians with spread, the table that people read and the list that programs read."""
import json
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Figure:
    metric: str
    value: float
    unit: str
    against: str | None = None  # the other side, with its value
    ratio: float | None = None
    aim: str | None = None
    met: bool | None = None
    spread: str = ""  # quartiles and number of rounds


def spread_of(samples: list[float]) -> str:
    if len(samples) < 4:
        return f"{min(samples):.3g}..{max(samples):.3g}, n={len(samples)}"
    low, _, high = statistics.quantiles(samples, n=4)
    return f"{low:.3g}..{high:.3g}, n={len(samples)}"


def plain(metric: str, samples: list[float], unit: str = "ms") -> Figure:
    return Figure(metric, round(statistics.median(samples), 3), unit, spread=spread_of(samples))


def faster(metric: str, ours: list[float], name: str, theirs: list[float], aim: float | None) -> Figure:
    """How many times faster ours is; `aim` is the least."""
    figure = plain(metric, ours)
    other = statistics.median(theirs)
    figure.against = f"{name} {other:.3g} ms"
    figure.ratio = round(other / figure.value, 2)
    if aim is not None:
        figure.aim, figure.met = f"at least {aim:g} times faster", figure.ratio >= aim
    return figure


def at_most(metric: str, ours: list[float], name: str, theirs: list[float], aim: float | None) -> Figure:
    """How many times as long ours takes; `aim` is the most."""
    figure = plain(metric, ours)
    other = statistics.median(theirs)
    figure.against = f"{name} {other:.3g} ms"
    figure.ratio = round(figure.value / other, 2)
    if aim is not None:
        figure.aim, figure.met = f"at most {aim:g} times as long", figure.ratio <= aim
    return figure


def below(metric: str, samples: list[float], unit: str, aim: float) -> Figure:
    """`aim` is the most that it may be."""
    figure = plain(metric, samples, unit)
    figure.aim, figure.met = f"at most {aim:g} {unit}", figure.value <= aim
    return figure


def counted(metric: str, ours: list[float], unit: str, name: str, theirs: list[float]) -> Figure:
    """How many beside how many."""
    figure = plain(metric, ours, unit)
    figure.against = f"{name} {statistics.median(theirs):.4g} {unit}"
    return figure


def table(figures: list[Figure]) -> str:
    head = ("metric", "median", "spread", "against", "ratio", "aim", "met")
    rows = [head] + [(f.metric, f"{f.value:.4g} {f.unit}", f.spread, f.against or "",
                      "" if f.ratio is None else f"{f.ratio:.2f}", f.aim or "",
                      "" if f.met is None else "yes" if f.met else "no") for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def save(figures: list[Figure], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> list[Figure]:
    return [Figure(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
