"""Schools whose documents name files that were handed over, as tests of archives use them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.hosted.people import Region, case_data
from vsoko_rules.resources import shipped

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import Seat

_FOLDER: Final = shipped("cases") / "papka-shkoly"
ORDER: Final = (_FOLDER / "Блок 1" / "Приказ 112-од.docx").read_bytes()
REPORT: Final = (_FOLDER / "Блок 1" / "Аналитический отчёт.docx").read_bytes()
PDF: Final = next(_FOLDER.rglob("*.pdf")).read_bytes()
FILES: Final = {"Приказ.docx": ORDER, "Архив.zip/Блок 1/Отчёт.docx": REPORT, "Скан й.pdf": PDF}
"""by the names under which the first documents of a case state them"""


def naming(code: str, files: Any = FILES, **more: Any) -> dict[str, Any]:
    """A shipped case whose first documents name files."""
    data = case_data(code)
    for document, name in zip(data["documents"], files, strict=False):
        document["file"] = name
    return {**data, **more}


def use_files(seat: Seat, data: dict[str, Any], files: dict[str, bytes]) -> None:
    """Let a seat hold a case and use files."""
    from vsoko_rules.region.handed_files import HandedFile
    from vsoko_rules.web.hosted.models import FileUse
    from vsoko_rules.web.hosted.stored_content import keep_content

    seat.data, seat.revision = json.dumps(data, ensure_ascii=False), seat.revision + 1
    seat.save()
    for name, content in files.items():
        kind = HandedFile(name, content).type
        FileUse.objects.create(seat=seat, name=name, type=kind, file=keep_content(content))


def region_with_files(region: Region, school: str) -> None:
    """Every seat of a school, sent and locked and agreed, uses the same files; another school has one of its own."""
    from vsoko_rules.web.hosted.models import Seat

    use_files(region.seat(school, "self"), naming(school), FILES)
    for who, login in (("A", "expert-a"), ("B", "expert-b")):
        use_files(region.assign(school, who, login), naming(school, filled_by={"role": "expert", "name": who}), FILES)
    agreed = Seat.objects.create(school=region.schools[school], who="agreed", data="")
    region.seats[school, "agreed"] = agreed
    use_files(agreed, naming(school), FILES)
    other = next(code for code in region.schools if code != school)
    use_files(region.seat(other, "self"), naming(other, ["Приказ.docx"]), {"Приказ.docx": REPORT})
    Seat.objects.filter(who="self").update(state="sent")
    Seat.objects.exclude(who="self").update(state="locked")
