"""Trouble on the ground: rubbish, holes, water, earth, animals, things in the way."""

from math import cos, sin, tau
from random import Random

from portal.adapters.pictures.backdrop import GREENS, SIGNS, tree
from portal.adapters.pictures.canvas import HEIGHT, WIDTH, Canvas, Colour, Point
from portal.adapters.pictures.shapes import EARTH, SHADOW, STEEL, blob

WATER: Colour = (112, 118, 108)


def bags(canvas: Canvas, chance: Random) -> None:
    middle = chance.randint(260, 740)
    canvas.disc(middle, 566, 250, 26, SHADOW)
    colours: list[Colour] = [(54, 58, 64), (72, 92, 82), (196, 190, 182), (92, 118, 150), (176, 72, 66)]
    for row, count in ((0, 6), (1, 4), (2, 2)):
        for place in range(count):
            x = middle + (place - (count - 1) / 2) * 76 + chance.uniform(-12, 12)
            y, size, colour = 540 - row * 52, chance.uniform(44, 56), chance.choice(colours)
            canvas.polygon(blob(chance, x, y, size, size * 0.78, 0.08), colour)
            canvas.polygon([(x - 9, y - size * 0.6), (x + 9, y - size * 0.6), (x + 4, y - size - 8)], colour)
            canvas.line([(x - size * 0.4, y - 8), (x - size * 0.2, y + 12)], (226, 226, 222), 2)
    for _ in range(14):
        x, y = middle + chance.uniform(-310, 310), chance.uniform(566, 640)
        canvas.polygon(
            blob(chance, x, y, 13, 7, 0.4), chance.choice([(222, 216, 204), (190, 90, 74), (118, 146, 166)])
        )


def potholes(canvas: Canvas, chance: Random) -> None:
    for x, y, wide in (
        (chance.randint(280, 700), 618, 190),
        (chance.randint(90, 240), 700, 100),
        (840, 560, 70),
    ):
        canvas.polygon(blob(chance, x, y, wide * 1.12, wide * 0.3), (136, 132, 126))
        canvas.polygon(blob(chance, x, y + 5, wide, wide * 0.25), (66, 60, 54))
        canvas.polygon(blob(chance, x + 8, y + 14, wide * 0.72, wide * 0.14), (120, 112, 98))
        for crack in range(4):
            angle = tau * crack / 4 + chance.uniform(-0.4, 0.4)
            start = (x + cos(angle) * wide, y + sin(angle) * wide * 0.25)
            end = (x + cos(angle) * wide * 1.5, y + sin(angle) * wide * 0.42)
            canvas.line([start, ((start[0] + end[0]) / 2 + 9, (start[1] + end[1]) / 2), end], (70, 70, 72), 3)


def drain(canvas: Canvas, chance: Random) -> None:
    canvas.polygon([(0, 560), (WIDTH, 530), (WIDTH, 664), (0, 716)], (158, 152, 142))
    canvas.polygon([(0, 580), (WIDTH, 548), (WIDTH, 646), (0, 694)], (58, 64, 54))
    for _ in range(26):
        x = chance.uniform(0, WIDTH)
        colour = chance.choice([(196, 200, 190), (118, 132, 84), (172, 96, 78), (206, 196, 150)])
        canvas.polygon(blob(chance, x, 640 - x * 0.036 + chance.uniform(-30, 30), 24, 9, 0.35), colour)
    slab = chance.randint(160, 640)
    for number in range(3):
        x = slab + number * 92
        y = 574 - x * 0.032
        canvas.polygon([(x, y), (x + 86, y - 3), (x + 86, y + 118), (x, y + 124)], (182, 176, 166))
        canvas.line([(x, y + 124), (x + 86, y + 118)], (128, 122, 114), 5)


def flood(canvas: Canvas, chance: Random) -> None:
    level = chance.randint(440, 466)
    rider = chance.randint(220, 720)
    canvas.box(rider - 64, level - 30, 134, 60, (166, 58, 52), radius=26)
    canvas.box(rider - 66, level - 40, 86, 16, (48, 50, 54), radius=7)
    canvas.line(
        [(rider + 56, level - 22), (rider + 44, level - 84), (rider + 24, level - 92)], (70, 72, 76), 7
    )
    canvas.disc(rider - 4, level - 128, 22, 25, (228, 226, 218))
    canvas.polygon(
        [
            (rider - 44, level - 34),
            (rider - 32, level - 104),
            (rider + 14, level - 104),
            (rider + 22, level - 34),
        ],
        (62, 108, 146),
    )
    canvas.line([(rider + 6, level - 92), (rider + 40, level - 76)], (62, 108, 146), 15)
    canvas.veil(level, canvas.seen(WATER), 0.94)
    canvas.mirror(level, 0.3)
    for _ in range(46):
        y = chance.uniform(level + 12, HEIGHT)
        x, long = chance.uniform(0, WIDTH), 20 + (y - level) * 0.3
        canvas.line([(x, y), (x + long, y)], (176, 184, 178), 2)


def burst_pipe(canvas: Canvas, chance: Random) -> None:
    x = chance.randint(300, 700)
    canvas.polygon(blob(chance, x, 640, 340, 62), (120, 146, 158))
    canvas.polygon(blob(chance, x, 628, 96, 30), EARTH)
    for height, spread in ((210, 0.16), (180, 0.34), (140, 0.56), (190, 0.06)):
        for side in (-1, 1):
            arc: list[Point] = []
            for step in range(15):
                t = step / 14
                arc.append((x + side * spread * 400 * t, 616 - height * 4 * t * (1 - t * 0.98)))
            canvas.line(arc, (206, 226, 234), 6)
    canvas.box(x - 92, 616, 76, 20, (72, 112, 158), radius=9)
    canvas.box(x + 24, 618, 84, 20, (72, 112, 158), radius=9)
    for _ in range(50):
        canvas.disc(x + chance.gauss(0, 130), 560 - abs(chance.gauss(0, 90)), 3, 4, (224, 238, 244))


def stalls(canvas: Canvas, chance: Random) -> None:
    awning = chance.choice(SIGNS)
    left = chance.randint(40, 260)
    for stripe in range(10):
        colour = awning if stripe % 2 else (244, 240, 230)
        x = left + stripe * 52
        canvas.polygon([(x, 330), (x + 52, 330), (x + 38, 400), (x - 14, 400)], colour)
    for x in (left, left + 500):
        canvas.line([(x, 400), (x, 560)], (118, 110, 102), 6)
    for table in range(4):
        x, y = left + 40 + table * 150, 556 + (table % 2) * 46
        canvas.disc(x, y + 62, 96, 13, SHADOW)
        canvas.box(x - 46, y, 92, 10, (206, 198, 186), radius=4)
        canvas.line([(x - 34, y + 8), (x - 42, y + 56)], (150, 150, 148), 4)
        canvas.line([(x + 34, y + 8), (x + 42, y + 56)], (150, 150, 148), 4)
        for side in (-82, 58):
            canvas.box(x + side, y + 24, 30, 34, chance.choice([(188, 60, 54), (46, 98, 150)]), radius=5)
        canvas.box(x - 14, y - 24, 11, 24, (88, 122, 96), radius=3)
        canvas.disc(x + 14, y - 4, 14, 6, (246, 244, 238))


def manhole(canvas: Canvas, chance: Random) -> None:
    x, y = chance.randint(330, 670), 616
    canvas.disc(x, y, 176, 58, (146, 144, 140))
    canvas.disc(x, y, 152, 48, (92, 92, 92))
    canvas.disc(x, y + 5, 146, 43, (20, 20, 22))
    canvas.disc(x - 8, y + 26, 90, 13, (40, 46, 48))
    side = chance.choice((-1, 1))
    canvas.polygon(blob(chance, x + side * 250, y + 48, 118, 34, 0.04), (104, 98, 92))
    canvas.disc(x + side * 250, y + 42, 112, 32, (128, 122, 114))
    for bar in range(-3, 4):
        canvas.line(
            [(x + side * 250 + bar * 26 - 8, y + 22), (x + side * 250 + bar * 26 + 8, y + 62)],
            (98, 92, 86),
            3,
        )
    canvas.line([(x + 40, y + 30), (x + 4, y - 150)], (126, 96, 70), 8)
    for _ in range(9):
        canvas.disc(
            x + 4 + chance.uniform(-44, 44), y - 150 + chance.uniform(-34, 34), 26, 20, chance.choice(GREENS)
        )


def animals(canvas: Canvas, chance: Random) -> None:
    for x, y, scale in ((chance.randint(220, 420), 560, 1.0), (chance.randint(600, 780), 600, 0.8)):
        coat = chance.choice([(172, 118, 74), (196, 150, 104), (92, 84, 80)])
        canvas.disc(x, y + 102 * scale, 140 * scale, 14 * scale, SHADOW)
        for leg in (-84, -58, 52, 80):
            canvas.box(x + leg * scale, y + 10 * scale, 17 * scale, 92 * scale, coat)
        canvas.disc(x, y, 118 * scale, 54 * scale, coat)
        canvas.disc(x + 74 * scale, y - 26 * scale, 44 * scale, 44 * scale, coat)
        canvas.polygon(
            [
                (x + p * scale, y + q * scale)
                for p, q in ((88, -66), (132, -84), (166, -34), (146, -16), (96, -14))
            ],
            coat,
        )
        canvas.line(
            [(x + 116 * scale, y - 78 * scale), (x + 124 * scale, y - 108 * scale)],
            (226, 218, 200),
            6 * scale,
        )
        canvas.disc(x + 132 * scale, y - 56 * scale, 4 * scale, 4 * scale, (26, 24, 24))
        canvas.line([(x - 114 * scale, y - 16 * scale), (x - 136 * scale, y + 56 * scale)], coat, 6 * scale)


def building_heap(canvas: Canvas, chance: Random) -> None:
    x = chance.randint(280, 620)
    canvas.disc(x, 622, 260, 22, SHADOW)
    canvas.polygon(
        [(x - 240, 622), (x - 90, 480), (x - 20, 452), (x + 66, 500), (x + 230, 622)], (214, 182, 130)
    )
    canvas.polygon([(x - 20, 452), (x + 66, 500), (x + 230, 622), (x + 60, 622)], (190, 158, 108))
    side = x + 240 if x < 480 else x - 400
    for row in range(5):
        for brick in range(6 - row % 2):
            canvas.box(
                side + brick * 38 + row % 2 * 19,
                600 - row * 23,
                36,
                21,
                chance.choice([(176, 84, 62), (188, 96, 70)]),
            )
    canvas.line([(x + 40, 560), (x + 130, 410)], (136, 104, 76), 8)
    canvas.polygon([(x + 14, 548), (x + 52, 568), (x + 26, 604), (x - 6, 590)], STEEL)


def landslide(canvas: Canvas, chance: Random) -> None:
    side = chance.choice((0, WIDTH))
    inward = 1 if side == 0 else -1
    canvas.polygon(
        [(side, 130), (side + inward * 330, 420), (side + inward * 420, 520), (side, 560)], (92, 122, 78)
    )
    canvas.polygon(
        [
            (side + inward * 60, 190),
            (side + inward * 300, 400),
            (side + inward * 660, 640),
            (side + inward * 120, 720),
            (side, 560),
        ],
        EARTH,
    )
    canvas.polygon(
        [
            (side + inward * 120, 300),
            (side + inward * 260, 420),
            (side + inward * 470, 640),
            (side + inward * 180, 640),
        ],
        (156, 116, 84),
    )
    for _ in range(16):
        x, y = side + inward * chance.uniform(120, 640), chance.uniform(560, 690)
        size = chance.uniform(16, 48)
        canvas.polygon(
            blob(chance, x, y, size, size * 0.7, 0.16),
            chance.choice([(126, 120, 112), (106, 98, 90), (148, 140, 130)]),
        )
    tree(canvas, chance, side + inward * 520, 640, 0.5)


def standing_water(canvas: Canvas, chance: Random) -> None:
    for place in range(4):
        x, y = 170 + place * 216 + chance.uniform(-30, 30), 590 + place % 2 * 44
        canvas.disc(x, y + 56, 100, 14, SHADOW)
        if place % 2:
            canvas.disc(x, y + 20, 96, 44, (38, 38, 42))
            canvas.disc(x, y + 10, 58, 22, (84, 104, 88))
        else:
            colour = chance.choice([(52, 108, 160), (188, 70, 60), (70, 130, 96)])
            canvas.polygon([(x - 74, y - 50), (x + 74, y - 50), (x + 54, y + 56), (x - 54, y + 56)], colour)
            canvas.disc(x, y - 50, 74, 21, (216, 212, 202))
            canvas.disc(x, y - 48, 66, 17, (88, 108, 92))
    for _ in range(16):
        x, y = chance.uniform(100, 900), chance.uniform(440, 600)
        canvas.line([(x - 6, y - 4), (x, y), (x + 6, y - 4)], (44, 44, 48), 2)
