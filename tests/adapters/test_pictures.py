"""Drawn pictures are real JPEG files, the same for the same chance, and different for another."""

from io import BytesIO
from random import Random

import pytest
from PIL import Image

from portal.adapters import photos, pictures
from portal.adapters.pictures.scenes import SCENES


@pytest.mark.parametrize("scene", SCENES)
def test_each_scene_is_a_picture_that_the_portal_takes(scene: str) -> None:
    raw = pictures.draw(scene, Random(1))
    picture = Image.open(BytesIO(raw))
    assert (picture.format, picture.size) == ("JPEG", (800, 600))
    assert len(picture.convert("RGB").resize((80, 60)).getcolors(4800) or []) > 40
    assert photos.prepare(raw).width == 800


def test_chance_decides_and_nothing_else() -> None:
    assert pictures.draw("den_duong", Random(7)) == pictures.draw("den_duong", Random(7))
    assert pictures.draw("den_duong", Random(7)) != pictures.draw("den_duong", Random(8))
    assert pictures.draw("cay_xanh", Random(7), town=True) != pictures.draw("cay_xanh", Random(7), town=False)
