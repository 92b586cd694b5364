"""Shapes that several scenes share."""

from math import cos, sin, tau
from random import Random

from portal.adapters.pictures.backdrop import ASPHALT, SIGNS
from portal.adapters.pictures.canvas import Canvas, Colour, Point

EARTH: Colour = (134, 98, 70)
SHADOW: Colour = (78, 80, 84)
STEEL: Colour = (150, 154, 158)


def blob(chance: Random, x: float, y: float, wide: float, high: float, rough: float = 0.2) -> list[Point]:
    """The outline of an uneven patch around (x, y)."""
    corners = 16
    return [
        (
            x + cos(tau * n / corners) * wide * chance.uniform(1 - rough, 1 + rough),
            y + sin(tau * n / corners) * high * chance.uniform(1 - rough, 1 + rough),
        )
        for n in range(corners)
    ]


def turned(middle: Point, dx: float, dy: float, angle: float) -> Point:
    return middle[0] + dx * cos(angle) - dy * sin(angle), middle[1] + dx * sin(angle) + dy * cos(angle)


def motorbike(canvas: Canvas, chance: Random, x: float, foot: float) -> None:
    """A rider seen from the side; the wheels stand at `foot`."""
    coat = chance.choice(SIGNS)
    for wheel in (-52, 52):
        canvas.disc(x + wheel, foot - 26, 26, 26, (36, 38, 42))
        canvas.disc(x + wheel, foot - 26, 13, 13, ASPHALT)
    canvas.box(x - 58, foot - 62, 110, 28, coat, radius=13)
    canvas.line([(x + 50, foot - 30), (x + 36, foot - 92), (x + 20, foot - 96)], (70, 72, 76), 6)
    canvas.polygon(
        [(x - 34, foot - 60), (x - 24, foot - 122), (x + 10, foot - 122), (x + 14, foot - 60)], (70, 96, 122)
    )
    canvas.line([(x + 4, foot - 110), (x + 26, foot - 94)], (70, 96, 122), 12)
    canvas.disc(x - 6, foot - 142, 18, 20, chance.choice([(226, 222, 212), (188, 64, 56), (58, 90, 130)]))
