"""Image -> the texts and places of its bar codes, and text -> bars (zxing-cpp; pyzbar where zbar is installed)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

CODE128 = zxingcpp.BarcodeFormat.Code128
LINEAR = zxingcpp.BarcodeFormat.AllLinear


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A decoded code: its text and the centre of its bars, px from the top left."""

    text: str
    x_px: float
    y_px: float


def read_code128(grey: NDArray[np.uint8], *, smaller_too: bool = True) -> list[ReadCode]:
    """Read Code128 that runs along the rows (either way up); quick, meant for a strip of a page.

    Without `smaller_too` nothing is looked for in a smaller copy: that takes half the time.
    """
    found = zxingcpp.read_barcodes(
        grey, formats=CODE128, try_rotate=False, try_downscale=smaller_too, try_invert=False
    )
    return [_read(code) for code in found]


def read_linear_codes(grey: NDArray[np.uint8]) -> list[ReadCode]:
    """Read every linear code that runs along the rows (either way up): a tenth of the time of `read_with_zxing`."""
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey), formats=LINEAR, try_rotate=False, try_downscale=False, try_invert=False
    )
    return [_read(code) for code in found]


def read_any_code(grey: NDArray[np.uint8]) -> list[ReadCode]:
    """Read every linear and matrix code of an image, in any direction; zbar adds what zxing missed."""
    found = read_with_zxing(grey)
    texts = {code.text for code in found}
    return found + [code for code in _read_with_zbar(grey) if code.text not in texts]


def read_with_zxing(grey: NDArray[np.uint8]) -> list[ReadCode]:
    """Read every linear and matrix code of an image, in any direction, with the quicker of the two readers."""
    return [_read(code) for code in zxingcpp.read_barcodes(np.ascontiguousarray(grey), try_invert=False)]


def _read(code: Any) -> ReadCode:
    corners = [
        code.position.top_left,
        code.position.top_right,
        code.position.bottom_left,
        code.position.bottom_right,
    ]
    return ReadCode(code.text, sum(c.x for c in corners) / 4, sum(c.y for c in corners) / 4)


@cache
def _zbar() -> Any:
    """Return pyzbar's decoder, or None on a machine without the zbar library (pyzbar then fails at import)."""
    try:
        from pyzbar import pyzbar
    except (ImportError, OSError):
        return None
    return pyzbar.decode


def _read_with_zbar(grey: NDArray[np.uint8]) -> list[ReadCode]:
    decode = _zbar()
    if decode is None:
        return []
    return [
        ReadCode(
            code.data.decode("utf-8", errors="replace"),
            code.rect.left + code.rect.width / 2,
            code.rect.top + code.rect.height / 2,
        )
        for code in decode(grey)
    ]


@cache
def bar_widths(text: str) -> tuple[int, ...]:
    """Return the widths of bar, space, bar … of a text's Code128, in modules, without quiet zones."""
    row = np.array(zxingcpp.create_barcode(text, CODE128).to_image(scale=1, add_quiet_zones=False))[0] < 128
    edges = np.flatnonzero(np.diff(row.astype(np.int8))) + 1
    return tuple(np.diff(np.concatenate([[0], edges, [len(row)]])).tolist())
