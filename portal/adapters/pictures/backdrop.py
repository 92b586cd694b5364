"""Where it happens: a town street with its narrow houses, or a road through fields."""

from random import Random

from portal.adapters.pictures.canvas import WIDTH, Canvas, Colour

PAVEMENT, ROAD = 452, 500  # how far down the pavement and the road begin

WALLS: list[Colour] = [
    (236, 217, 178),
    (208, 222, 214),
    (226, 196, 172),
    (201, 212, 226),
    (241, 234, 219),
    (222, 205, 214),
    (189, 204, 186),
]
ROOFS: list[Colour] = [(162, 82, 62), (122, 104, 96), (88, 112, 124), (176, 104, 72)]
SIGNS: list[Colour] = [(192, 62, 54), (40, 96, 140), (214, 156, 44), (48, 124, 90), (112, 72, 128)]
LIT_WINDOW: Colour = (255, 214, 140)
ASPHALT: Colour = (112, 114, 118)
GREENS: list[Colour] = [(86, 128, 72), (104, 142, 78), (70, 112, 76)]


def street(canvas: Canvas, chance: Random) -> None:
    """Houses, pavement and road seen from across the road."""
    canvas.sky(PAVEMENT)
    _hills(canvas, chance, 330)
    x = -chance.randint(0, 70)
    while x < WIDTH:
        width = chance.randint(92, 148)
        _house(canvas, chance, x, width, chance.randint(150, 300))
        x += width + chance.choice((0, 0, 0, 26))
    canvas.box(0, PAVEMENT, WIDTH, ROAD - PAVEMENT, (188, 180, 168))
    for joint in range(-20, WIDTH, 44):
        canvas.line([(joint, PAVEMENT), (joint - 22, ROAD - 10)], (170, 162, 150), 1.5)
    canvas.box(0, ROAD - 10, WIDTH, 10, (214, 208, 196))
    canvas.box(0, ROAD, WIDTH, 260, ASPHALT)
    offset = chance.randint(0, 150)
    for dash in range(-offset, WIDTH, 190):
        canvas.polygon([(dash, 640), (dash + 96, 640), (dash + 90, 652), (dash - 8, 652)], (226, 222, 208))


def country(canvas: Canvas, chance: Random) -> None:
    """Hills, rice fields, and a road that runs away to the horizon."""
    canvas.sky(400)
    _hills(canvas, chance, 330)
    _hills(canvas, chance, 370)
    for band, green in enumerate(((138, 170, 84), (154, 180, 92), (126, 160, 80), (146, 172, 90))):
        canvas.box(0, 396 + band * 48, WIDTH, 400, green)
        for x in range(-60 + chance.randint(0, 80), WIDTH, 150):
            canvas.line([(x, 420 + band * 52), (x + 70, 420 + band * 52)], (116, 148, 72), 2)
    goal = chance.randint(360, 640)
    canvas.polygon([(goal - 14, 396), (goal + 14, 396), (1060, 790), (-60, 790)], (164, 152, 132))
    canvas.polygon([(goal - 11, 396), (goal + 11, 396), (960, 790), (40, 790)], ASPHALT)
    for side in (-1, 1):
        for distance in chance.sample(range(4), 2):
            scale = 0.35 + distance * 0.2
            palm(canvas, chance, goal + side * (110 + distance * 120), 408 + distance * 44, scale)


def palm(canvas: Canvas, chance: Random, x: float, y: float, scale: float) -> None:
    """An areca palm whose foot stands at (x, y)."""
    lean = chance.uniform(-14, 14) * scale
    top = y - 210 * scale
    canvas.line([(x, y), (x + lean / 2, (y + top) / 2), (x + lean, top)], (132, 110, 88), 9 * scale)
    for reach, drop in ((-84, 34), (-66, -6), (-30, -40), (30, -42), (66, -4), (84, 36)):
        tip = (x + lean + reach * scale, top + drop * scale)
        bend = (x + lean + reach * 0.5 * scale, top + (drop - 34) * scale)
        canvas.polygon([(x + lean - 4 * scale, top), bend, tip, (x + lean, top + 10 * scale)], (78, 120, 72))


def tree(canvas: Canvas, chance: Random, x: float, y: float, scale: float = 1.0) -> None:
    """A round street tree whose foot stands at (x, y)."""
    canvas.polygon(
        [
            (x - 9 * scale, y),
            (x - 5 * scale, y - 130 * scale),
            (x + 5 * scale, y - 130 * scale),
            (x + 9 * scale, y),
        ],
        (112, 88, 68),
    )
    for dx, dy, size in ((-48, -150, 52), (44, -156, 56), (0, -196, 66), (-14, -140, 50)):
        canvas.disc(x + dx * scale, y + dy * scale, size * scale, size * 0.86 * scale, chance.choice(GREENS))


def pole(canvas: Canvas, x: float, foot: float, height: float, lean: float = 0) -> tuple[float, float]:
    """A concrete pole; gives the place of its top."""
    top = (x + lean, foot - height)
    canvas.polygon(
        [(x - 10, foot), (top[0] - 6, top[1]), (top[0] + 6, top[1]), (x + 10, foot)], (150, 148, 142)
    )
    return top


def rain(canvas: Canvas, chance: Random) -> None:
    for _ in range(150):
        x, y, long = chance.uniform(-40, WIDTH), chance.uniform(-40, 740), chance.uniform(18, 44)
        canvas.line([(x, y), (x - long * 0.26, y + long)], (222, 230, 236), 1.2)


def _hills(canvas: Canvas, chance: Random, height: float) -> None:
    ridge: list[tuple[float, float]] = [(0.0, 470.0)]
    ridge += [(x, height + chance.uniform(-34, 34)) for x in range(0, WIDTH + 1, 125)]
    haze = tuple((a + b) // 2 for a, b in zip(canvas.light.horizon, canvas.seen((96, 130, 120)), strict=True))
    canvas.polygon([*ridge, (WIDTH, 470)], (haze[0], haze[1], haze[2]), shines=True)


def _house(canvas: Canvas, chance: Random, x: float, width: float, height: float) -> None:
    """A tube house: shop below, one or two floors above, a roof of its own kind."""
    top, wall = PAVEMENT - height, chance.choice(WALLS)
    canvas.box(x, top, width, height, wall)
    canvas.box(x + width - 9, top, 9, height, (wall[0] - 26, wall[1] - 26, wall[2] - 26))
    roof = chance.choice(ROOFS)
    if chance.random() < 0.5:
        canvas.polygon([(x - 6, top), (x + width / 2, top - 44), (x + width + 6, top)], roof)
    else:
        canvas.box(x - 4, top - 12, width + 8, 14, roof)
    shop = 104
    for floor in range(int((height - shop - 20) // 72)):
        for side in (0.16, 0.58):
            _window(canvas, chance, x + width * side, top + 22 + floor * 72, width * 0.26)
    door = LIT_WINDOW if canvas.light.dark and chance.random() < 0.4 else (118, 108, 98)
    canvas.box(x + 12, PAVEMENT - 74, width - 24, 74, door, shines=door == LIT_WINDOW)
    for slat in range(3):
        canvas.line(
            [(x + 12, PAVEMENT - 58 + slat * 20), (x + width - 12, PAVEMENT - 58 + slat * 20)],
            (98, 90, 82),
            1.5,
        )
    sign = chance.choice(SIGNS)
    canvas.box(x + 8, PAVEMENT - shop, width - 16, 25, sign, radius=3)
    canvas.box(x + 22, PAVEMENT - shop + 9, width - 60, 7, (246, 240, 226), radius=2)


def _window(canvas: Canvas, chance: Random, x: float, y: float, width: float) -> None:
    lit = canvas.light.dark and chance.random() < 0.35
    canvas.box(x - 3, y - 3, width + 6, 48, (240, 238, 230))
    canvas.box(x, y, width, 42, LIT_WINDOW if lit else (110, 136, 148), shines=lit)
    canvas.line([(x + width / 2, y), (x + width / 2, y + 42)], (240, 238, 230), 2)
