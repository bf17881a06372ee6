"""How the cells of every workbook look, by the name of a style."""

from __future__ import annotations

from typing import Any, Final

from vsoko_rules.writing.office import FONT

_INK, _LINE, _PALE = "#1F2933", "#B8C1CC", "#F4F6F8"
ASKED: Final = "#FFF7D6"
"""the ground of a cell that waits for an answer"""
LINKED: Final = "#1F5A99"
"""the ink of what opens when it is clicked"""
DATE_FORMAT: Final = "dd.mm.yyyy"
BASE: Final = {"font_name": FONT, "font_size": 10, "font_color": _INK}
"""sizes are in points"""
_BOXED: Final = {**BASE, "border": 1, "border_color": _LINE, "valign": "top", "text_wrap": True}
STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {**BASE, "font_size": 16, "bold": True, "valign": "vcenter"},
    "subtitle": {**BASE, "bold": True, "font_size": 12, "valign": "bottom"},
    "section": {**BASE, "bold": True, "font_size": 12, "bottom": 1, "bottom_color": _LINE, "valign": "bottom"},
    "about": {**BASE, "font_color": "#52606D", "text_wrap": True, "valign": "top"},
    "plain": {**BASE, "text_wrap": True, "valign": "top"},
    "name": {**BASE, "bold": True, "text_wrap": True, "valign": "top"},
    "heading": {**_BOXED, "bold": True, "bg_color": _PALE, "valign": "vcenter", "align": "center"},
    "upright": {**_BOXED, "bold": True, "bg_color": _PALE, "rotation": 90, "align": "center", "valign": "bottom"},
    "info": {**_BOXED, "bg_color": _PALE},
    "cell": _BOXED,
    "input": _BOXED,
    "share": {**_BOXED, "num_format": "0.0"},
    "answer": {**_BOXED, "num_format": "@", "bg_color": ASKED},
    "answer_date": {**_BOXED, "num_format": DATE_FORMAT, "align": "center", "bg_color": ASKED},
}
ANSWERS: Final = frozenset({"answer", "answer_date", "input"})
"""styles of cells that come back: what was written stays to the letter"""
