"""How cells of a form look. Filled cells are text unless they hold dates or numbers, so that Excel turns nothing into
a date or a formula."""

from __future__ import annotations

from typing import Any, Final

from vsoko_rules.intake.form.layout import Column
from vsoko_rules.intake.form.plan import Row

_INK, _LINE, _PALE, _ASKED, _QUIET, _GROUP = "#1F2933", "#B8C1CC", "#F4F6F8", "#FFF7D6", "#ECEFF2", "#DCE6F1"
_BASE: Final = {"font_name": "Calibri", "font_size": 10, "font_color": _INK}
_BOXED: Final = {**_BASE, "border": 1, "border_color": _LINE, "valign": "top", "text_wrap": True}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "title": {**_BASE, "font_size": 16, "bold": True, "valign": "vcenter"},
    "about": {**_BASE, "font_color": "#52606D", "text_wrap": True, "valign": "top"},
    "group": {**_BASE, "bold": True, "bg_color": _GROUP, "valign": "vcenter"},
    "heading": {**_BOXED, "bold": True, "bg_color": _PALE, "valign": "vcenter", "align": "center"},
    "upright": {**_BOXED, "bold": True, "bg_color": _PALE, "rotation": 90, "align": "center", "valign": "bottom"},
    "info": {**_BOXED, "bg_color": _PALE},
    "section": {**_BASE, "bold": True, "font_size": 12, "bottom": 1, "bottom_color": _LINE, "valign": "bottom"},
    "plain": {**_BASE, "text_wrap": True, "valign": "top"},
    "heading_of_guide": {**_BASE, "bold": True, "font_size": 12, "valign": "bottom"},
    "cell": _BOXED,
}
_FORMATS: Final = {"date": "dd.mm.yyyy", "number": "General", "whole": "0"}


class Styles:
    """Formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[Any, ...], Any] = {}

    def of(self, look: str, **more: Any) -> Any:
        """A look by its name, with changes."""
        key = (look, *sorted(more.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({**_LOOKS[look], **more})
        return self._made[key]

    def cell(self, column: Column, row: Row) -> Any:
        """The look of a cell: what is asked for stands out, what nobody asks for steps back."""
        if column.type in ("info", "service"):
            return self.of("section" if "value" in row.fixed else "info")
        if column.key in row.fixed:
            return self.of("info", bold=True)
        more: dict[str, Any] = {"num_format": _FORMATS.get(column.type, "@"), "locked": False}
        if column.type in ("flag", "number", "whole", "date"):
            more["align"] = "center"
        if row.asked is not None and column.key in row.asked:
            more["bg_color"] = _ASKED
        elif row.asked is not None and column.upright:
            more["bg_color"] = _QUIET
        return self.of("cell", **more)
