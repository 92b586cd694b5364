"""Drawn pictures are real JPEG files, the same for the same chance, and different for another."""

from io import BytesIO
from random import Random

import pytest
from PIL import Image

from portal.adapters import photos, pictures
from portal.adapters.pictures.scenes import SCENES


@pytest.mark.parametrize("scene", SCENES)
def test_each_scene_is_a_picture_that_the_portal_takes(scene: str) -> None:
    raw = pictures.draw(scene, Random(1), Random(1))
    picture = Image.open(BytesIO(raw))
    assert (picture.format, picture.size) == ("JPEG", (800, 600))
    assert len(picture.convert("RGB").resize((80, 60)).getcolors(4800) or []) > 40
    assert photos.prepare(raw).width == 800


def drawn(where: int, what: int, **changes: bool) -> bytes:
    return pictures.draw("cay_xanh", Random(where), Random(what), **changes)


def test_chance_decides_and_nothing_else() -> None:
    assert drawn(7, 7) == drawn(7, 7)
    assert len({drawn(7, 7), drawn(7, 8), drawn(8, 7), drawn(7, 7, town=False)}) == 4


def test_pictures_of_one_place_have_the_same_sky() -> None:
    one, other = (Image.open(BytesIO(drawn(7, what))).crop((0, 0, 800, 60)) for what in (1, 2))
    assert one.tobytes() == other.tobytes()
