"""Which scene belongs to which category, and at which times of day it is seen."""

from collections.abc import Callable
from random import Random

from portal.adapters.pictures import on_the_ground, standing
from portal.adapters.pictures.canvas import Canvas

Scene = Callable[[Canvas, Random], None]
DAY = ("morning", "noon", "dusk", "rain")
DRY = ("morning", "noon", "dusk")
SCENES: dict[str, tuple[Scene, tuple[str, ...]]] = {
    "den_duong": (standing.lamps, ("night",)),
    "rac_thai": (on_the_ground.bags, DRY),
    "duong_hong": (on_the_ground.potholes, DAY),
    "thoat_nuoc": (on_the_ground.drain, DAY),
    "ngap_ung": (on_the_ground.flood, ("rain", "rain", "dusk")),
    "cay_xanh": (standing.fallen_tree, DAY),
    "cap_nuoc": (on_the_ground.burst_pipe, DRY),
    "dien_luc": (standing.wires, DAY),
    "via_he": (on_the_ground.stalls, ("noon", "dusk")),
    "ho_ga": (on_the_ground.manhole, DAY),
    "tieng_on": (standing.loudspeakers, ("night",)),
    "den_tin_hieu": (standing.signal, DAY),
    "bien_bao": (standing.road_sign, DRY),
    "dong_vat": (on_the_ground.animals, DRY),
    "o_nhiem": (standing.smoke, DRY),
    "xay_dung": (on_the_ground.building_heap, DRY),
    "vien_thong": (standing.hanging_cable, DAY),
    "thien_tai": (on_the_ground.landslide, ("rain", "rain", "morning")),
    "y_te": (on_the_ground.standing_water, DRY),
    "khac": (standing.broken_bench, DRY),
}
