"""Pictures for demonstration: a small flat scene for each category, drawn by rule and chance."""

from random import Random

from portal.adapters.pictures.backdrop import country, rain, street
from portal.adapters.pictures.canvas import LIGHTS, Canvas
from portal.adapters.pictures.scenes import SCENES


def draw(scene_name: str, chance: Random, *, town: bool = True) -> bytes:
    """A JPEG of 800 × 600 pixels of the scene that `SCENES` has under this name; the same for the same chance."""
    scene, times = SCENES[scene_name]
    time = chance.choice(times)
    canvas = Canvas(LIGHTS[time])
    (street if town else country)(canvas, chance)
    scene(canvas, chance)
    if time == "rain":
        rain(canvas, chance)
    return canvas.jpeg()
