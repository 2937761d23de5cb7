"""Draws small figures as SVG on the server: bars and lines, coloured by the page's own classes."""

from collections.abc import Sequence

from markupsafe import Markup

WIDE, HIGH = 120, 28


def sparkline(values: Sequence[float], label: str) -> Markup:
    """A line over the values in their order; `label` tells a listener what a reader sees."""
    if not values:
        return Markup("")
    most = max(max(values), 0) or 1
    step = WIDE / max(len(values) - 1, 1)
    points = [(n * step, HIGH - 2 - value / most * (HIGH - 4)) for n, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    area = f"0,{HIGH} {line} {points[-1][0]:.1f},{HIGH}"
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<polygon class="spark-area" points="{}"></polygon><polyline class="spark-line" points="{}">'
        "</polyline></svg>"
    ).format(WIDE, HIGH, label, area, line)


def bars(values: Sequence[tuple[str, float]], label: str, *, high: int = 48) -> Markup:
    """A bar for each `(name, value)`, with what it stands for to be had by pointing at it."""
    if not values:
        return Markup("")
    most = max(max(value for _, value in values), 0) or 1
    each = 10
    drawn = Markup("").join(
        Markup(
            '<rect class="bar" x="{}" y="{:.1f}" width="{}" height="{:.1f}" rx="1"><title>{}</title></rect>'
        ).format(n * each + 1, high - size, each - 2, size, f"{name}: {value:,g}")
        for n, (name, value) in enumerate(values)
        for size in [max(value / most * (high - 2), 1)]
    )
    return Markup('<svg class="bars" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        each * len(values), high, label, drawn
    )


def share(parts: Sequence[tuple[str, float, str]], label: str) -> Markup:
    """One bar divided among `(name, value, colour class)`."""
    whole = sum(value for _, value, _ in parts)
    if not whole:
        return Markup("")
    at, drawn = 0.0, Markup("")
    for name, value, colour in parts:
        wide = 100 * value / whole
        drawn += Markup(
            '<rect class="{}" x="{:.2f}" y="0" width="{:.2f}" height="6"><title>{}</title></rect>'
        ).format(f"part-{colour}", at, wide, f"{name}: {value:,g}")
        at += wide
    return Markup(
        '<svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">'
        "{}</svg>"
    ).format(label, drawn)


def columns(values: Sequence[tuple[str, float, str]], label: str) -> Markup:
    """A column for each `(name, value, note)` over a grid of halves; under those with a note a mark."""
    if not values:
        return Markup("")
    most, each, high = max(max(value for _, value, _ in values), 0) or 1, 10, 110
    lines = Markup("").join(
        Markup('<line class="columns-grid" x1="0" x2="{}" y1="{}" y2="{}"></line>').format(
            each * len(values), y, y
        )
        for y in (1, 50, 100)
    )
    drawn = Markup("").join(_column(n * each, *one, most) for n, one in enumerate(values))
    return Markup(
        '<svg class="columns" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}{}'
        "</svg>"
    ).format(each * len(values), high, label, lines, drawn)


def _column(x: float, name: str, value: float, note: str, most: float) -> Markup:
    size = value / most * 99
    says = f"{name}: {value:,g}" + (f", {note}" if note else "")
    mark = Markup('<rect class="columns-out" x="{}" y="104" width="8" height="5"></rect>').format(x + 1)
    return Markup(
        '<g><title>{}</title><rect class="columns-bar" x="{}" y="{:.1f}" width="8" height="{:.1f}"></rect>'
        "{}</g>"
    ).format(says, x + 1, 100 - size, size, mark if note else "")


def leaning(value: float, label: str) -> Markup:
    """A bar from the middle to the right where `value`, from -1 to 1, is above 0, else to the left."""
    wide = min(abs(value), 1.0) * 49
    return Markup(
        '<svg class="leaning" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="{}" x="{:.1f}" y="1" width="{:.1f}" height="6"></rect>'
        '<line class="leaning-middle" x1="50" x2="50" y1="0" y2="8"></line></svg>'
    ).format(
        label,
        "leaning-more" if value >= 0 else "leaning-less",
        50 if value >= 0 else 50 - wide,
        max(wide, 0.5),
    )
