"""The report as PDF, set by Typst from `reports/pdf/`, a file a reader. Needs the extra `pdf`, no program, no fonts.

The template gets the view as data and never as markup, so that no text of a case can become a command.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.terms import Reader
from vsoko_rules.resources import shipped
from vsoko_rules.templates import clean
from vsoko_rules.words import sentences, tied, words

_INSTALL: Final = "Установите дополнение: pip install vsoko-rules[pdf]. Остальные виды отчёта работают и без него."


_FILES: Final = {Reader.SCHOOL: "school.typ", Reader.METHODIST: "methodist.typ"}


def files(composers: Sequence[Composer], reader: Reader | None, _: Path | None) -> dict[str, bytes]:
    """One assessment as tagged PDF. Raises `InputError` where Typst is not installed.

    The file meets PDF/UA-1 unless a text of the case has signs that no font at hand can show.
    """
    (composer,) = composers
    typst = _typst()
    known = plain({"view": composer.view(reader), "words": words(), "sentences": sentences()})
    data, file = json.dumps(known, ensure_ascii=False), _FILES.get(reader, "report.typ") if reader else "report.typ"
    try:
        return {".pdf": _compiled(typst, file, data, composer.moment, accessible=True)}
    except typst.TypstError:
        return {".pdf": _compiled(typst, file, data, composer.moment, accessible=False)}


def _typst() -> Any:
    try:
        import typst
    except ImportError as exc:
        problem = Problem(argument("format"), "для PDF нужен пакет typst, он не установлен", hint=_INSTALL)
        raise InputError([problem]) from exc
    return typst


def _compiled(typst: Any, file: str, data: str, on: datetime, accessible: bool) -> bytes:
    content: bytes = typst.compile(
        shipped("reports") / "pdf" / file,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1" if accessible else [],
        timestamp=int(on.timestamp()),
        sys_inputs={"report": data},
    )
    return content


def plain(value: Any) -> Any:
    """`value` without classes: records by their fields and what they compute, enumerations by their codes, texts
    without control signs."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return tied(clean(value))
    if isinstance(value, Fraction):
        return float(value)
    if is_dataclass(value) and not isinstance(value, type):
        computed = (name for name, member in vars(type(value)).items() if isinstance(member, property))
        names = (*(field.name for field in fields(value)), *computed)
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    return value
