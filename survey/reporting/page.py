"""Parts of HTML -> one page that needs nothing from outside: its style is inside it, and there is no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import quote

from survey import REVIEW_PORT

STYLE = Path(__file__).parent / "templates" / "page.css"


def page(language: str, title: str, parts: Iterable[str]) -> str:
    """Return the page; `parts` are finished HTML of its body, the title is text."""
    return "\n".join([
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>",
        *parts,
        "</body>\n</html>\n",
    ])  # fmt: skip


def table(header: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "", *, kind: str = "") -> str:
    """A table of finished HTML cells, the first of each row heading it; the caption is HTML, too."""
    heads = "".join(f'<th scope="col">{cell}</th>' if cell else "<td></td>" for cell in header)
    lines = [
        f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    ]
    told = f"<caption>{caption}</caption>" if caption else ""
    named = f' class="{kind}"' if kind else ""
    return f"<table{named}>{told}<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def paper_link(key: str, words: str, hint: str) -> str:
    """A number as a link to its paper on the review page; `words` and `hint` are text."""
    where = f"http://127.0.0.1:{REVIEW_PORT}/open/{quote(key, safe='=@+*&')}"
    return f'<a href="{escape(where)}" title="{escape(hint)}">{escape(words)}</a>'


@cache
def _style() -> str:
    return STYLE.read_text(encoding="utf-8")
