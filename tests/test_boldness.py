"""Claims about which letters are bold: by the name of their font, or by their ink where it has none."""

from __future__ import annotations

import numpy as np

from survey.doors.pdf_print import BOLD, Letter
from survey.learn.printed.boldness import with_boldness


def test_what_bold_fonts_are_called() -> None:
    assert all(
        map(BOLD.search, ["ABCDEF+CMBX10", "NimbusRomNo9L-Medi", "SFSX1095", "Lato-Black", "Arial,Bold"])
    )
    assert not any(map(BOLD.search, ["CMR10", "NimbusRomNo9L-Regu", "Inter-Medium", "Academico", "SFRM1095"]))


def test_letters_of_nameless_fonts_are_bold_where_they_have_more_ink() -> None:
    picture = np.full((100, 200), 255, dtype=np.uint8)
    letters = []
    for n, text in enumerate("abcdefgh"):
        for font, y, stem in (("#0", 10, 2), ("#1", 60, 4)):
            x = 10 + 20 * n
            picture[y : y + 20, x : x + stem + n % 2] = 0
            letters.append(Letter(text, font, 20, False, x, y, 8, 20, x, x + 8, y + 20, n))
    bold = {one.font for one in with_boldness(letters, lambda: picture, 1.0) if one.bold}
    assert bold == {"#1"}
    alone = [one for one in letters if one.font == "#1"]
    assert not any(one.bold for one in with_boldness(alone, lambda: picture, 1.0))
