"""The colours of DESIGN's look keep their contrast in light and dark (WCAG 2.2: 1.4.3, 1.4.11)."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
BASE = (CSS / "base.css").read_text(encoding="utf-8")
DESK = (CSS / "desk.css").read_text(encoding="utf-8")

TINTS = ("river-tint", "good-tint", "wait-tint", "bad-tint", "plum-tint", "still-tint")
GROUNDS = ("paper", "card")
TEXT = (
    [("ink", ground) for ground in (*GROUNDS, *TINTS)]
    + [("quiet", ground) for ground in (*GROUNDS, "still-tint", "river-tint")]
    + [
        (tone, ground)
        for tone in ("river", "good", "wait", "bad", "plum")
        for ground in (*GROUNDS, f"{tone}-tint")
    ]
    + [(tone, ground) for tone in ("river-deep", "terracotta") for ground in (*GROUNDS, "river-tint")]
    + [("on-river", "river"), ("on-river", "river-deep"), ("on-terracotta", "terracotta"), ("on-bar", "bar")]
)
SHAPES = (
    [("edge", ground) for ground in GROUNDS]
    + [("focus", ground) for ground in (*GROUNDS, *TINTS)]
    + [(tone, "still-tint") for tone in ("river", "good", "wait", "bad")]
)


def tokens(scheme: str) -> dict[str, str]:
    """The colours of a scheme; dark names only what differs from light."""
    light, dark = re.findall(r":root \{(.*?)\}", BASE, re.DOTALL)[:2]
    blocks = (light,) if scheme == "light" else (light, dark)
    return {
        name: value for block in blocks for name, value in re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block)
    }


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 between two colours `#RRGGBB`, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_measured_as_the_standard_says():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_is_readable(scheme, text, ground):
    colours = tokens(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_borders_bars_and_focus_are_visible(scheme, shape, ground):
    colours = tokens(scheme)
    assert contrast(colours[shape], colours[ground]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_visible_on_the_bar_of_the_desk(scheme):
    focus = re.search(r"\.site-header \{ --focus: (#\w{6})", DESK).group(1)
    assert contrast(focus, tokens(scheme)["bar"]) >= 3


def test_white_on_terracotta_reaches_six():
    assert contrast("#FFFFFF", tokens("light")["terracotta"]) >= 6


def test_every_colour_of_a_rule_is_a_token():
    rules = re.sub(r":root \{.*?\}", "", BASE, flags=re.DOTALL) + DESK.replace("--focus: #FFFFFF", "")
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", rules) == []
    given = set(re.findall(r"--([\w-]+):", BASE))
    assert set(re.findall(r"var\(--([\w-]+)", BASE + DESK)) <= given


def test_the_browser_frame_has_the_colours_of_the_header():
    page = (ROOT / "portal" / "templates" / "base.html").read_text(encoding="utf-8")
    light, dark = tokens("light"), tokens("dark")
    named = re.findall(r"'(#\w{6})' if desk else '(#\w{6})'", page)
    assert named == [(light["bar"], light["paper"]), (dark["bar"], dark["paper"])]


def test_the_styles_of_a_door_weigh_at_most_twelve_kilobytes():
    assert len(gzip.compress((BASE + DESK).encode())) <= 12_000
