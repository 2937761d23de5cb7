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
