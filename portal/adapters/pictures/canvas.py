"""A sheet to draw flat pictures on: plain shapes in the light of one time of day.

Positions and sizes are in units of a sheet of 1000 × 750. It is painted twice as fine as the finished picture of
800 × 600 pixels and then made smaller, so that edges are smooth.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

WIDTH, HEIGHT = 1000, 750
FINER = 1.6  # pixels painted for one unit
SMALLER = 2
QUALITY = 88

Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True)
class Light:
    """A time of day: the sky from top to horizon, and how much of each colour comes back from things."""

    top: Colour
    horizon: Colour
    reflects: tuple[float, float, float]
    dark: bool = False


LIGHTS = {
    "morning": Light((150, 196, 222), (250, 232, 205), (1.0, 0.96, 0.9)),
    "noon": Light((112, 176, 216), (214, 234, 240), (1.0, 1.0, 1.0)),
    "dusk": Light((94, 96, 140), (238, 170, 128), (0.78, 0.66, 0.66)),
    "night": Light((14, 22, 44), (40, 52, 84), (0.27, 0.31, 0.43), dark=True),
    "rain": Light((118, 130, 140), (176, 186, 190), (0.76, 0.8, 0.84)),
}


class Canvas:
    """Paint on it in order, the far things first."""

    def __init__(self, light: Light) -> None:
        self.light = light
        self.picture = Image.new("RGB", (int(WIDTH * FINER), int(HEIGHT * FINER)))
        self._pen = ImageDraw.Draw(self.picture)

    def jpeg(self) -> bytes:
        out = BytesIO()
        self.picture.reduce(SMALLER).save(out, "JPEG", quality=QUALITY)
        return out.getvalue()

    def seen(self, colour: Colour) -> Colour:
        """The colour as it looks in this light."""
        red, green, blue = (
            int(part * share) for part, share in zip(colour, self.light.reflects, strict=True)
        )
        return red, green, blue

    def sky(self, horizon: float) -> None:
        ramp = Image.new("RGB", (1, 2))
        ramp.putpixel((0, 0), self.light.top)
        ramp.putpixel((0, 1), self.light.horizon)
        column = ramp.resize((1, int(horizon * FINER)), Image.Resampling.BILINEAR)
        self.picture.paste(column.resize((self.picture.width, column.height), Image.Resampling.NEAREST))

    def polygon(self, points: list[Point], colour: Colour, *, shines: bool = False) -> None:
        self._pen.polygon(
            [(x * FINER, y * FINER) for x, y in points], fill=colour if shines else self.seen(colour)
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: Colour,
        *,
        radius: float = 0,
        shines: bool = False,
    ) -> None:
        corners = [x * FINER, y * FINER, (x + width) * FINER, (y + height) * FINER]
        self._pen.rounded_rectangle(corners, radius * FINER, fill=colour if shines else self.seen(colour))

    def disc(
        self, x: float, y: float, wide: float, high: float, colour: Colour, *, shines: bool = False
    ) -> None:
        """An ellipse around (x, y) with these half axes."""
        corners = [(x - wide) * FINER, (y - high) * FINER, (x + wide) * FINER, (y + high) * FINER]
        self._pen.ellipse(corners, fill=colour if shines else self.seen(colour))

    def line(self, points: list[Point], colour: Colour, width: float = 3) -> None:
        self._pen.line(
            [(x * FINER, y * FINER) for x, y in points],
            fill=self.seen(colour),
            width=int(width * FINER),
            joint="curve",
        )

    def wire(self, start: Point, end: Point, sag: float, colour: Colour, width: float = 2.5) -> None:
        """A line between two points that hangs through by `sag`."""
        parts = [step / 24 for step in range(25)]
        self.line(
            [
                (
                    start[0] + (end[0] - start[0]) * t,
                    start[1] + (end[1] - start[1]) * t + 4 * sag * t * (1 - t),
                )
                for t in parts
            ],
            colour,
            width,
        )

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 0.6) -> None:
        """Light that fades from (x, y) outwards."""
        side = int(radius * 2 * FINER)
        mask = _fading(strength).resize((side, side), Image.Resampling.BILINEAR)
        corner = (int((x - radius) * FINER), int((y - radius) * FINER))
        self.picture.paste(Image.new("RGB", (side, side), colour), corner, mask)

    def veil(self, y: float, colour: Colour, strength: float) -> None:
        """A thin colour over everything below `y`, like standing water."""
        box = (0, int(y * FINER), *self.picture.size)
        below = self.picture.crop(box)
        self.picture.paste(Image.blend(below, Image.new("RGB", below.size, colour), strength), box)

    def mirror(self, y: float, strength: float) -> None:
        """What stands above `y` shows again below it, upside down."""
        surface, (width, bottom) = int(y * FINER), self.picture.size
        above = self.picture.crop((0, surface - (bottom - surface), width, surface))
        box = (0, surface, width, bottom)
        self.picture.paste(Image.blend(self.picture.crop(box), ImageOps.flip(above), strength), box)


@lru_cache(maxsize=8)
def _fading(strength: float) -> Image.Image:
    return Image.radial_gradient("L").point(
        lambda level: int(max(0.0, 1 - level / 181) ** 2 * 255 * strength)
    )
