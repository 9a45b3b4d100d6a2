"""Charts as SVG without script or style: for a page, and for typesetting into a PDF."""

from collections.abc import Iterator
from html import escape

from appguard.reports.document import Bar, Chart, Tone

WIDTH, LABELS, NUMBERS = 640, 130, 70
LETTER, WIDEST = 9, 300
"""Room a letter of a label takes, and all of them at most."""
LINE, THICK = 26, 16
HEIGHT, FOOT = 120, 18
FILLS = {Tone.GOOD: "#2e7d4f", Tone.BAD: "#b3261e", Tone.QUIET: "#8a93a0", Tone.PLAIN: "#2f5d8a"}
TEXT = 'font-family="Libertinus Serif, system-ui, sans-serif" font-size="13" fill="currentColor"'
DAY_LABELS = 8


def svg(chart: Chart, ink: str = "currentColor") -> str:
    """The chart; `ink` is the colour of its words, where the reader's own is not known."""
    parts, height = (_upright(chart.bars)) if chart.upright else (_lying(chart.bars))
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}"',
            f' width="{WIDTH}" height="{height}">',
            f"<title>{escape(chart.title)}</title><desc>{escape(chart.description)}</desc>",
            "".join(parts).replace("currentColor", ink),
            "</svg>",
        )
    )


def _lying(bars: tuple[Bar, ...]) -> tuple[list[str], int]:
    """One bar a line: label, parts, number; several parts have a legend below."""
    longest = max((bar.total for bar in bars), default=0) or 1
    labels = min(WIDEST, max(LABELS, *(LETTER * len(bar.label) for bar in bars), 0))
    room, drawn = WIDTH - labels - NUMBERS, list[str]()
    for line, bar in enumerate(bars):
        y = line * LINE
        drawn.append(_text(0, y + 14, bar.label))
        x = float(labels)
        for tone, _, count in bar.parts:
            width = room * count / longest
            drawn.append(_box(x, y + 2, width, THICK, tone))
            x += width
        drawn.append(_text(x + 6, y + 14, bar.figure or f"{bar.total:,}"))
    height = len(bars) * LINE
    legend = list(_legend(bars[0].parts, height + 14)) if bars and len(bars[0].parts) > 1 else []
    return [*drawn, *legend], height + (LINE if legend else 0) or LINE


def _upright(bars: tuple[Bar, ...]) -> tuple[list[str], int]:
    """Days beside each other, some of them labelled, the highest number at the top left."""
    highest = max((bar.total for bar in bars), default=0) or 1
    step = (WIDTH - 50) / max(len(bars), 1)
    every = max(1, -(-len(bars) // DAY_LABELS))
    drawn = [_text(0, 12, f"{highest:,}"), _text(0, HEIGHT, "0")]
    for number, bar in enumerate(bars):
        x, y = 50 + number * step, float(HEIGHT)
        for tone, _, count in bar.parts:
            height = (HEIGHT - 4) * count / highest
            y -= height
            drawn.append(_box(x, y, min(step * 0.8, 40), height, tone))
        if number % every == 0:
            drawn.append(_text(x, HEIGHT + FOOT - 3, bar.label))
    legend = _legend(bars[0].parts, HEIGHT + FOOT + 18) if bars else ()
    return [*drawn, *legend], HEIGHT + FOOT + LINE


def _legend(parts: tuple[tuple[Tone, str, int], ...], y: int) -> Iterator[str]:
    x = LABELS
    for tone, label, _ in parts:
        yield _box(x, y - 11, 12, 12, tone)
        yield _text(x + 18, y, label)
        x += 40 + 8 * len(label)


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {TEXT}>{escape(words)}</text>'


def _box(x: float, y: float, width: float, height: float, tone: Tone) -> str:
    if width <= 0 or height <= 0:
        return ""
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{tone}" x="{x:.1f}" y="{y:.1f}" {size} fill="{FILLS[tone]}"/>'
