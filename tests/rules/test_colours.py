"""Whatever colour an organisation chooses, people can read its pages and papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkit.rules import colours

anything = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_black_on_white_has_the_greatest_contrast():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_a_readable_colour_stays_as_it_was_chosen():
    assert colours.readable("#7A2048", colours.PAPER) == "#7a2048"


def test_yellow_becomes_dark_enough_and_stays_yellow():
    shade = colours.readable("#ffe000", colours.PAPER)
    red, green, blue = (int(shade[place : place + 2], 16) for place in (1, 3, 5))
    assert colours.contrast(shade, colours.PAPER) == pytest.approx(4.5, abs=0.15)
    assert blue < green <= red


@given(anything, st.sampled_from([colours.PAPER, colours.LIGHT, colours.DARK, "#000000"]))
def test_every_accent_gets_a_readable_shade(accent, background):
    assert colours.contrast(colours.readable(accent, background), background) >= 4.5


@given(anything)
def test_text_on_the_accent_is_readable_too(accent):
    shades = colours.shades(accent)
    assert colours.contrast(shades.light, shades.on_light) >= 4.5
    assert colours.contrast(shades.dark, shades.on_dark) >= 4.5


@pytest.mark.parametrize("wrong", ["", "red", "#12", "#12345g", "#fff;}body{", "#1234567"])
def test_it_refuses_what_is_no_colour(wrong):
    with pytest.raises(ValueError, match="hexadecimal"):
        colours.readable(wrong)


def test_the_short_form_is_understood():
    assert colours.clean(" #AbC ") == "#aabbcc"


def test_a_background_in_the_middle_can_be_too_much_to_ask():
    with pytest.raises(ValueError, match="no shade"):
        colours.readable("#808080", "#808080", least=10)


def test_a_tint_lies_between_accent_and_paper():
    assert colours.tint("#000000", 0.5) == "#808080"
    assert colours.tint("#7a2048", 0) == "#ffffff"
