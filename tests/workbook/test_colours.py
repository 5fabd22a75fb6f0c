"""The workbook's colours for every eye: texts can be read on their fills, standings told apart by the colour-blind.

Colour blindness is simulated by the matrices of Machado, Oliveira and Fernandes (2009) for full severity, on linear RGB; differences
are Euclidean in CIE L*a*b* (D65), contrast is WCAG 2's.
"""

from itertools import combinations, pairwise

import pytest

from batch.workbook.sheets import looks

EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE_POINT = (0.95047, 1.0, 1.08883)
READABLE = 4.5
APART, NEIGHBOURS = 12, 10  # one just noticeable difference is about 2.3

PAIRS = {
    **{f"standing {code}": (looks.INK, tint) for code, (_, tint) in looks.STANDING_COLOURS.items()},
    **{f"decision {code}": pair for code, pair in looks.DECISION_COLOURS.items()},
    **{f"severity {code}": pair for code, pair in looks.SEVERITY_COLOURS.items()},
    **{f"band {code}": (looks.WHITE, fill) for code, fill in looks.BAND_COLOURS.items()},
    "typed": (looks.INK, looks.PERSON),
    "remark": (looks.INK, looks.NOTICE),
    "machine": (looks.GREY, looks.MACHINE),
    "tile": (looks.GREY, looks.PALE),
    "figure": (looks.NAVY, looks.PALE),
    "lead": (looks.GREY, looks.WHITE),
    "link": (looks.LINK, looks.WHITE),
}


def linear(colour: str) -> list[float]:
    """Return red, green and blue as light."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def times(matrix: tuple[tuple[float, ...], ...], light: list[float]) -> list[float]:
    """Return the product of a matrix and a colour."""
    return [sum(one * part for one, part in zip(line, light, strict=True)) for line in matrix]


def lab(colour: str, eyes: str) -> tuple[float, float, float]:
    """Return how some eyes see a colour, in L*a*b*."""
    seen = [min(1.0, max(0.0, part)) for part in times(EYES[eyes], linear(colour))]
    ratios = [part / white for part, white in zip(times(TO_XYZ, seen), WHITE_POINT, strict=True)]
    x, y, z = (ratio ** (1 / 3) if ratio > 216 / 24389 else (24389 / 27 * ratio + 16) / 116 for ratio in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(first: str, second: str, eyes: str) -> float:
    """Return how far two colours are apart."""
    pairs = zip(lab(first, eyes), lab(second, eyes), strict=True)
    return float(sum((one - other) ** 2 for one, other in pairs) ** 0.5)


def contrast(ink: str, fill: str) -> float:
    """Return WCAG's ratio of two colours."""
    darker, lighter = sorted(times(TO_XYZ, linear(colour))[1] for colour in (ink, fill))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_as_published() -> None:
    """Black on white is 21 to 1, #767676 on white the known border of 4.54."""
    assert contrast("000000", "FFFFFF") == pytest.approx(21, abs=0.01)
    assert contrast("767676", "FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_texts_can_be_read_on_their_fill(pair: tuple[str, str]) -> None:
    """Every ink has a contrast of 4.5 to 1 or more."""
    assert contrast(*pair) >= READABLE


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("which", [0, 1], ids=["charts", "cells"])
def test_standings_can_be_told_apart(eyes: str, which: int) -> None:
    """Any two standings differ clearly, in the charts and in the cells, whatever cones are missing."""
    colours = [pair[which] for pair in looks.STANDING_COLOURS.values()]
    assert min(difference(first, second, eyes) for first, second in combinations(colours, 2)) >= APART


@pytest.mark.parametrize("eyes", EYES)
def test_ages_darken_step_by_step(eyes: str) -> None:
    """Each age is darker than the one before it, and differs from it."""
    light = [lab(colour, eyes)[0] for colour in looks.AGE_COLOURS]
    assert light == sorted(light, reverse=True)
    assert min(difference(first, second, eyes) for first, second in pairwise(looks.AGE_COLOURS)) >= NEIGHBOURS
