"""Pictures for demonstration: a small flat scene for each category, drawn by rule and chance."""

from random import Random

from portal.adapters.pictures.backdrop import country, rain, street
from portal.adapters.pictures.canvas import LIGHTS, Canvas
from portal.adapters.pictures.scenes import SCENES


def draw(scene_name: str, where: Random, what: Random, *, town: bool = True) -> bytes:
    """A JPEG of 800 × 600 pixels of the scene that `SCENES` has under this name; the same for the same chances.

    `where` decides time of day and surroundings, `what` the thing itself: pictures of one place share the former.
    """
    scene, times = SCENES[scene_name]
    time = where.choice(times)
    canvas = Canvas(LIGHTS[time])
    (street if town else country)(canvas, where)
    scene(canvas, what)
    if time == "rain":
        rain(canvas, what)
    return canvas.jpeg()


def draw_mended(where: Random, *, town: bool = True) -> bytes:
    """The same of a place where nothing is wrong any more."""
    canvas = Canvas(LIGHTS["noon"])
    (street if town else country)(canvas, where)
    return canvas.jpeg()
