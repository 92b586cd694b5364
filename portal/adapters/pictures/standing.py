"""Trouble with what stands or hangs: lamps, wires, signals, signs, trees, chimneys, loudspeakers."""

from random import Random

from portal.adapters.pictures.backdrop import GREENS, ROAD, pole, tree
from portal.adapters.pictures.canvas import HEIGHT, WIDTH, Canvas
from portal.adapters.pictures.shapes import EARTH, SHADOW, blob, motorbike, turned


def lamps(canvas: Canvas, chance: Random) -> None:
    broken = chance.randint(1, 2)
    for number, x in enumerate((110, 400, 690, 960)):
        top = pole(canvas, x, ROAD - 6, 330)
        head = (top[0] + 62, top[1] - 8)
        canvas.line([top, (top[0] + 26, top[1] - 14), head], (140, 140, 138), 6)
        canvas.box(head[0] - 8, head[1] - 4, 40, 10, (116, 118, 120), radius=4)
        if canvas.light.dark and number != broken:
            canvas.box(head[0] - 4, head[1] + 4, 32, 5, (255, 240, 190), radius=2, shines=True)
            canvas.glow(head[0] + 12, head[1] + 6, 150, (255, 214, 130), 0.6)
            canvas.glow(head[0] + 12, ROAD + 44, 150, (255, 206, 120), 0.4)


def wires(canvas: Canvas, chance: Random) -> None:
    lean = chance.choice((-1, 1)) * chance.randint(50, 96)
    tops = [
        pole(canvas, 130, ROAD - 4, 400),
        pole(canvas, 520, ROAD - 4, 380, lean),
        pole(canvas, 880, ROAD - 4, 400),
    ]
    for x, y in tops:
        canvas.box(x - 52, y + 12, 104, 9, (108, 92, 78), radius=2)
        for side in (-44, 0, 44):
            canvas.box(x + side - 4, y + 1, 8, 12, (214, 206, 196), radius=2)
    for side, sag in ((-44, 60), (0, 130), (44, 210)):
        for one, other in ((tops[0], tops[1]), (tops[1], tops[2])):
            canvas.wire(
                (one[0] + side, one[1]),
                (other[0] + side, other[1]),
                sag * chance.uniform(0.5, 1.1),
                (44, 46, 50),
                3,
            )
    canvas.box(tops[0][0] - 36, 240, 72, 92, (132, 140, 142), radius=6)


def loudspeakers(canvas: Canvas, chance: Random) -> None:
    x = chance.randint(280, 700)
    for wave in range(4):
        canvas.glow(
            x, 470, 150 + wave * 70, chance.choice([(208, 86, 160), (92, 130, 220), (240, 170, 80)]), 0.28
        )
    for side in (-86, 86):
        canvas.box(x + side - 74, 330, 148, 276, (44, 44, 48), radius=10)
        for y, size in ((400, 42), (514, 58)):
            canvas.disc(x + side, y, size, size, (84, 84, 90))
            canvas.disc(x + side, y, size * 0.72, size * 0.72, (30, 30, 34))
            canvas.disc(x + side, y, size * 0.24, size * 0.24, (124, 124, 132))
    canvas.box(x - 16, 300, 32, 12, (214, 66, 66), radius=5, shines=True)
    canvas.disc(x, 620, 220, 16, (40, 42, 48))


def signal(canvas: Canvas, chance: Random) -> None:
    x = chance.randint(240, 760)
    pole(canvas, x, ROAD + 40, 260)
    canvas.box(x - 56, 60, 112, 262, (40, 44, 48), radius=18)
    working = chance.choice((None, None, 1))
    for number, lit in enumerate(((236, 74, 62), (244, 186, 66), (86, 190, 112))):
        y = 106 + number * 84
        canvas.disc(x, y, 34, 34, (24, 26, 30))
        if number == working:
            canvas.disc(x, y, 31, 31, lit, shines=True)
            canvas.glow(x, y, 110, lit, 0.5)
        else:
            canvas.disc(x, y, 31, 31, (74, 72, 70))
            canvas.line([(x - 16, y - 14), (x + 2, y + 2), (x - 4, y + 20)], (36, 38, 40), 2.5)
    for bike in range(3):
        motorbike(canvas, chance, 130 + bike * 300 + chance.uniform(-40, 40), 650)


def road_sign(canvas: Canvas, chance: Random) -> None:
    x, lean = chance.randint(330, 670), chance.choice((-1, 1)) * chance.randint(90, 150)
    top = (x + lean, 250)
    canvas.line([(x, 560), (x + lean * 0.2, 480), top], (176, 176, 174), 14)
    canvas.polygon(blob(chance, x, 564, 60, 16, 0.25), EARTH)
    turn = lean / 330
    if chance.random() < 0.5:
        corners = [(0, -92), (88, 62), (-88, 62)]
        for scale, colour in ((1.0, (196, 52, 46)), (0.7, (246, 204, 76))):
            canvas.polygon([turned(top, cx * scale, cy * scale, turn) for cx, cy in corners], colour)
        canvas.line([turned(top, 0, -26, turn), turned(top, 0, 16, turn)], (34, 34, 36), 10)
        dot = turned(top, 0, 36, turn)
        canvas.disc(dot[0], dot[1], 6, 6, (34, 34, 36))
    else:
        board = [(-130, -48), (130, -48), (130, 48), (-130, 48)]
        canvas.polygon([turned(top, cx, cy, turn) for cx, cy in board], (40, 88, 160))
        for y, long in ((-14, 90), (16, 60)):
            canvas.line([turned(top, -long, y, turn), turned(top, long, y, turn)], (244, 242, 236), 12)


def smoke(canvas: Canvas, chance: Random) -> None:
    x = chance.randint(260, 740)
    canvas.box(x - 190, 336, 380, 150, (176, 168, 158))
    for shed in range(4):
        canvas.polygon(
            [(x - 190 + shed * 95, 336), (x - 190 + shed * 95, 296), (x - 95 + shed * 95, 336)],
            (132, 126, 122),
        )
    canvas.polygon([(x + 70, 340), (x + 82, 130), (x + 126, 130), (x + 138, 340)], (158, 96, 78))
    drift = chance.choice((-1, 1))
    for puff in range(9):
        size = 30 + puff * 13
        grey = 92 + puff * 9
        canvas.disc(
            x + 104 + drift * puff * 44,
            112 - puff * 9 + chance.uniform(-12, 12),
            size,
            size * 0.7,
            (grey, grey, grey),
        )
    canvas.polygon([(0, 560), (WIDTH, 600), (WIDTH, HEIGHT), (0, HEIGHT)], (62, 66, 58))
    for _ in range(30):
        canvas.disc(
            chance.uniform(0, WIDTH),
            chance.uniform(600, 740),
            chance.uniform(8, 36),
            chance.uniform(3, 10),
            (206, 204, 190),
        )


def hanging_cable(canvas: Canvas, chance: Random) -> None:
    left = pole(canvas, 90, ROAD - 4, 360)
    right = pole(canvas, 910, ROAD - 4, 360)
    for cable in range(9):
        sag = 30 + cable * 12 + chance.uniform(-8, 8)
        canvas.wire(
            (left[0], left[1] + 50 + cable * 5), (right[0], right[1] + 50 + cable * 5), sag, (38, 40, 44), 3
        )
    for sag, end in ((210, 140), (270, 190)):
        canvas.wire((left[0], left[1] + 96), (right[0], right[1] + end), sag, (30, 32, 36), 5)
    x = chance.randint(360, 640)
    canvas.wire((x, 330), (x + 26, 560), 20, (30, 32, 36), 4)
    canvas.disc(left[0], left[1] + 90, 26, 34, (52, 54, 58))
    motorbike(canvas, chance, chance.randint(200, 760), 660)


def broken_bench(canvas: Canvas, chance: Random) -> None:
    x = chance.randint(300, 640)
    tree(canvas, chance, x - 190, 560, 1.25)
    tree(canvas, chance, x + 300, 540, 1.0)
    canvas.disc(x, 640, 210, 18, SHADOW)
    canvas.polygon([(x - 170, 520), (x + 150, 560), (x + 150, 584), (x - 170, 544)], (188, 186, 180))
    canvas.polygon([(x - 160, 430), (x + 166, 470), (x + 160, 514), (x - 166, 474)], (204, 202, 196))
    canvas.box(x - 140, 540, 30, 96, (168, 166, 160))
    canvas.polygon([(x + 100, 580), (x + 130, 584), (x + 176, 640), (x + 138, 644)], (168, 166, 160))
    canvas.line([(x + 20, 452), (x + 34, 474), (x + 22, 490), (x + 30, 500)], (96, 96, 92), 4)


def fallen_tree(canvas: Canvas, chance: Random) -> None:
    foot = chance.randint(60, 180)
    canvas.disc(foot + 330, 640, 400, 20, SHADOW)
    canvas.polygon([(foot, 596), (foot + 520, 556), (foot + 520, 580), (foot, 640)], (112, 84, 62))
    canvas.polygon(blob(chance, foot, 616, 62, 84, 0.3), EARTH)
    for _ in range(7):
        end = (foot - chance.uniform(30, 84), 616 + chance.uniform(-96, 80))
        canvas.line([(foot, 616), end], (98, 74, 56), 6)
    for _ in range(34):
        x, y = foot + chance.uniform(380, 790), 560 + chance.uniform(-110, 82)
        canvas.disc(x, y, chance.uniform(26, 58), chance.uniform(22, 46), chance.choice(GREENS))
    for _ in range(24):
        x, y = foot + chance.uniform(200, 840), chance.uniform(610, 720)
        canvas.disc(x, y, 9, 4, chance.choice(GREENS))
