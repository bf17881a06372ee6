"""Files of a school on the page: handed over safely, read apart, confirmed claim by claim, with the text beside."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.builders import school_case
from tests.web.axe import violations
from tests.web.conftest import client_of
from tests.web.keys import focus, letter
from vsoko_rules.errors import InputError
from vsoko_rules.resources import shipped
from vsoko_rules.web.settings import MOST_RECEIVED
from vsoko_rules.web.site import Site
from vsoko_rules.workspace import file_lines, taking_in
from vsoko_rules.workspace.editing import save_case
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.workspace.received import files_folder, receive, safe_name

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.slow

ORDER = shipped("cases") / "papka-shkoly" / "Блок 1" / "Приказ 112-од.docx"
REPORT = shipped("cases") / "papka-shkoly" / "Блок 1" / "Аналитический отчёт.docx"


@pytest.fixture
def path(folder: Path) -> Path:
    """A school without documents."""
    pytest.importorskip("pypdfium2")
    made = folder / "ольховская.yml"
    save_case(made, school_case(), None)
    return made


def sent(name: str, content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def read(site: Site, path: Path) -> None:
    """Wait until the files of a school are read."""
    reading = site.readings.of(path)
    assert reading is not None
    assert reading.thread is not None
    reading.thread.join(120)
    assert not reading.running


def give(client: Any, site: Site, path: Path, *files: Any) -> str:
    """Hand files over, wait until they are read; the page after that."""
    address = f"/s/{site.code(path)}/files"
    assert client.post(address, {"files": list(files)}, follow=True).status_code == 200
    read(site, path)
    return str(client.get(address).content.decode())


def picture() -> bytes:
    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(b"\0\0")) + part(b"IEND", b"")


def bomb() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("нули.txt", b"0" * 200_000_000)
    return made.getvalue()


def question(page: str, about: str, document: str = "") -> dict[str, str]:
    """The hidden fields of the first question of a kind on a page."""
    for form in re.findall(r'<form class="claim.*?</form>', page, re.DOTALL):
        fields = {n: unescape(v) for n, v in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}
        if fields["key"].startswith(document) and f" {about}" in fields["key"]:
            return fields
    raise AssertionError(f"no question about {about}")


def test_files_are_stored_read_and_proposed_as_one_change(client: Any, site: Site, path: Path) -> None:
    before = open_case(path).content
    page = give(client, site, path, sent("Приказ 112-од.docx", ORDER.read_bytes()), sent("Скан.png", picture()))
    assert [p.name for p in sorted(files_folder(path).iterdir())] == ["Приказ 112-од.docx", "Скан.png"]
    assert "файлов 2, прочитано 1, не прочитано 1" in page.replace("\u00a0", " ")
    assert "Картинка — не проверено" in page
    documents = open_case(path).content.documents
    assert {d.file for d in documents} == {"ольховская/Приказ 112-од.docx", "ольховская/Скан.png"}
    assert all(claim.open for d in documents for claim in d.evidence)
    client.post(f"/s/{site.code(path)}/undo")
    assert open_case(path).content == before
    assert "hx-trigger" not in page.partition('id="reading"')[2].partition(">")[0], "nothing is asked for any more"


def test_the_same_file_is_stored_once_and_another_of_its_name_beside_it(client: Any, site: Site, path: Path) -> None:
    give(client, site, path, sent("Приказ.txt", "Приказ № 1".encode()))
    answer = client.post(
        f"/s/{site.code(path)}/files", {"files": [sent("Копия.txt", "Приказ № 1".encode())]}, follow=True
    )
    assert "второй раз не сохранено: Приказ.txt" in answer.content.decode()
    read(site, path)
    give(client, site, path, sent("Приказ.txt", "Приказ № 2".encode()))
    stored = {p.name: p.read_text(encoding="utf-8") for p in files_folder(path).iterdir()}
    assert stored == {"Приказ.txt": "Приказ № 1", "Приказ (2).txt": "Приказ № 2"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\Приказ № 5.docx", "Приказ № 5.docx"),
        ("C:\\школа\\a.pdf", "a.pdf"),
        ("..", "файл"),
        ("", "файл"),
        ("con.txt", "_con.txt"),
        ("при\u0000каз\u202e<1>.docx", "приказ_1_.docx"),
        (" . Приказ . .docx", "Приказ.docx"),
    ],
)
def test_no_name_leads_out_of_the_folder(path: Path, name: str, safe: str) -> None:
    assert safe_name(name) == safe
    receive(path, [(name, b"text")])
    (stored,) = files_folder(path).iterdir()
    assert (stored.name, stored.read_bytes()) == (safe, b"text")


def test_a_long_name_is_cut_and_keeps_its_ending(path: Path) -> None:
    name = safe_name("ы" * 300 + ".docx")
    assert name.endswith("ы.docx")
    assert len(name.encode()) <= 120
    assert receive(path, [("ы" * 300 + ".docx", b"1"), ("ы" * 299 + ".docx", b"2")]).stored[0] == name


def test_a_folder_of_files_that_lies_elsewhere_is_refused(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "чужое"
    elsewhere.mkdir()
    files_folder(path).symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(InputError, match="не рядом"):
        receive(path, [("Приказ.txt", b"1")])
    assert list(elsewhere.iterdir()) == []


def test_too_large_a_request_is_refused_with_its_own_limit(client: Any, site: Site, path: Path) -> None:
    answer = client.post(f"/s/{site.code(path)}/files", {"files": [sent("Большой.pdf", b"0" * MOST_RECEIVED)]})
    assert answer.status_code == 413
    assert "50 мегабайт" in answer.content.decode().replace("\u00a0", " ")
    assert not files_folder(path).exists()


def test_a_bomb_and_a_file_of_the_program_are_told(client: Any, site: Site, path: Path) -> None:
    page = give(client, site, path, sent("Архив.zip", bomb()), sent("Приказ.txt", "Приказ".encode()))
    assert "Архив распаковывается в слишком многое" in page
    answer = client.post(f"/s/{site.code(path)}/files", {"files": [sent("школа.yml", b"school: {}")]}, follow=True)
    assert "Файл этой программы: не документ" in answer.content.decode()
    assert not (files_folder(path) / "школа.yml").exists()


def test_documents_of_a_school_are_no_schools(client: Any, site: Site, path: Path) -> None:
    files_folder(path).mkdir()
    (files_folder(path) / "Мониторинг.xlsx").write_bytes(b"PK")
    assert "Мониторинг.xlsx" not in client.get("/").content.decode()
    assert path in site.desk.paths()


def test_a_folder_that_is_not_beside_the_school_is_not_read(client: Any, site: Site, path: Path) -> None:
    (path.parent / "Общие").mkdir()
    (path.parent / "Общие" / "Приказ.txt").write_text("Приказ № 5", encoding="utf-8")
    address = f"/s/{site.code(path)}/files"
    for folder in ("..", ".", "/etc", "нет", ""):
        assert client.post(f"{address}/read", {"folder": folder}).status_code == 422, folder
    assert client.post(f"{address}/read", {"folder": "Общие"}).status_code == 302
    read(site, path)
    assert [d.file for d in open_case(path).content.documents] == ["Общие/Приказ.txt"]


def test_while_files_are_read_the_page_asks_again_and_a_reload_loses_nothing(
    client: Any, site: Site, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import Event

    from vsoko_rules.workspace import readings

    told, goes_on = Event(), Event()

    def slow(*given: Any, **named: Any) -> Any:
        named["progress"](1, 3)
        told.set()
        assert goes_on.wait(60)
        return taking_in.read_and_propose(*given, **named)

    monkeypatch.setattr(readings, "read_and_propose", slow)
    address = f"/s/{site.code(path)}/files"
    client.post(address, {"files": [sent("Приказ.txt", "Приказ № 5".encode())]})
    assert told.wait(60)
    page = client.get(address).content.decode()
    assert 'hx-trigger="every 2s"' in page
    part = client.get(f"{address}/state", HTTP_HX_REQUEST="true").content.decode()
    assert part.replace("\u00a0", " ").count("Прочитано 1 из 3") == 2, "it is said aloud too"
    first = site.readings.of(path)
    client.post(f"{address}/read", {"folder": "ольховская"})
    assert site.readings.of(path) is first, "what is being read is not read twice"
    goes_on.set()
    read(site, path)
    done = client.get(f"{address}/state", HTTP_HX_REQUEST="true").content.decode()
    assert "every 2s" not in done
    assert 'id="verdict"' in done


def test_without_the_extra_the_page_says_what_to_install(
    client: Any, site: Site, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vsoko_rules.intake.texts import inventory

    monkeypatch.setattr(inventory, "find_spec", lambda _: None)
    page = give(client, site, path, sent("Приказ.txt", "Приказ".encode()))
    assert "vsoko-rules[intake]" in page
    assert (files_folder(path) / "Приказ.txt").exists(), "the file is kept: it is read when the rest is there"


def test_yes_to_the_document_leaves_what_waits(client: Any, site: Site, path: Path) -> None:
    """Without scripts: every question is a form of its own."""
    give(client, site, path, sent("Приказ 112-од.docx", ORDER.read_bytes()))
    start = f"/s/{site.code(path)}/confirm"
    answer = client.get(start, follow=True)
    address, page = answer.redirect_chain[-1][0], answer.content.decode()
    assert "0 из" in page
    drafted = path.read_bytes()
    said = client.post(address, {**question(page, "document"), "answer": "yes"})
    assert said.status_code == 302
    code = address.rpartition("/")[2]
    document = open_case(path).documents[code]
    states = {c.claim: c.state for c in document.evidence}
    assert any(state == "confirmed" for state in states.values())
    assert states.get("signature", "not_checked") in ("proposed", "not_checked")
    assert all(c.open for c in document.evidence if c.field in ("based_on", "approved_by", "annex_of", "amends"))
    client.post(f"/s/{site.code(path)}/undo")
    assert path.read_bytes() == drafted
    assert client.post(address, {**question(page, "document"), "answer": "не знаю"}).status_code == 302
    assert not any(c.state == "confirmed" for c in open_case(path).documents[code].evidence)


def test_who_does_not_know_is_not_asked_for_ever(client: Any, site: Site, path: Path) -> None:
    give(client, site, path, sent("Приказ 112-од.docx", ORDER.read_bytes()), sent("Скан.png", picture()))
    for _ in range(40):
        answer = client.get(f"/s/{site.code(path)}/confirm", follow=True)
        if not answer.redirect_chain[-1][0].endswith("/files"):
            forms = re.findall(r'<form class="claim.*?</form>', answer.content.decode(), re.DOTALL)
            page = next(form for form in forms if "вы ответили" not in form)
            said = {**question(page, ""), "answer": "не знаю"}
            assert client.post(answer.redirect_chain[-1][0], said).status_code == 302
    page = client.get(f"/s/{site.code(path)}/files").content.decode()
    assert "Отвечено на всё" in page
    assert not any(c.state == "confirmed" for d in open_case(path).content.documents for c in d.evidence)


def test_a_number_is_corrected_in_place(client: Any, site: Site, path: Path) -> None:
    give(client, site, path, sent("Приказ 112-од.docx", ORDER.read_bytes()))
    page = client.get(f"/s/{site.code(path)}/confirm", follow=True)
    address = page.redirect_chain[-1][0]
    asked = question(page.content.decode(), "field number")
    assert asked["was"]
    wrong = client.post(address, {**asked, "answer": "yes", "typed": ""})
    assert wrong.status_code == 422, "a field that was emptied is no yes to what stood there"
    client.post(address, {**asked, "answer": "yes", "typed": "113-од"})
    claims = open_case(path).documents[address.rpartition("/")[2]].evidence
    assert {c.value: c.state for c in claims if c.field == "number"} == {
        asked["was"]: "rejected",
        "113-од": "confirmed",
    }
    stale = client.post(address, {**asked, "answer": "yes", "typed": asked["was"]})
    assert stale.status_code == 422
    assert "уже решён" in stale.content.decode()


def test_a_link_is_asked_again_when_its_ground_gets_another_number(client: Any, site: Site, path: Path) -> None:
    ground = ORDER.with_name("Приказ 104-од аттестация.docx")
    give(client, site, path, sent("Приказ.docx", ground.read_bytes()), sent("Отчёт.docx", REPORT.read_bytes()))
    case = open_case(path).content
    (report,) = [d.id for d in case.documents if (d.file or "").endswith("Отчёт.docx")]
    base = f"/s/{site.code(path)}/confirm"

    def answer(document: str, about: str, **said: str) -> None:
        page = client.get(f"{base}/{document}").content.decode()
        assert client.post(f"{base}/{document}", {**question(page, about), **said}).status_code == 302

    def link() -> tuple[str, str]:
        claims = open_case(path).documents[report].evidence
        (found,) = [c for c in claims if c.field == "based_on" and c.value is not None]
        return str(found.value), found.state

    (order,) = [d.id for d in case.documents if (d.file or "").endswith("Приказ.docx")]
    answer(order, "document", answer="yes")
    answer(report, "document", answer="yes")
    answer(report, "grounds", answer="yes", chosen="1")
    assert link() == (order, "confirmed")
    row = re.findall(
        r'name="etag" [^>]*value="(\w+)"', client.get(f"{base[:-8]}/documents?row={order}").content.decode()
    )
    client.post(f"{base[:-8]}/documents/{order}", {"etag": row[0], "number": "999-од"})
    assert open_case(path).documents[order].number == "999-од"
    assert "grounds" in question(client.get(f"{base}/{report}").content.decode(), "grounds")["key"]


def test_a_sentence_becomes_the_quote(client: Any, site: Site, path: Path) -> None:
    give(client, site, path, sent("Отчёт.docx", REPORT.read_bytes()))
    answer = client.get(f"/s/{site.code(path)}/confirm", follow=True)
    address, page = answer.redirect_chain[-1][0], answer.content.decode()
    at, sentence = re.findall(r'name="at" value="([\d:]+)"> ([^<]{30,})</label>', page)[-1]
    content = re.findall(r'<option value="(\w+)">', page.partition('id="content"')[2])[0]
    for wrong in ("", "9999:0:5", "1:2", "a:b:c"):
        assert client.post(f"{address}/quote", {"content": content, "at": wrong}).status_code == 422
    assert client.post(f"{address}/quote", {"content": "no", "at": at}).status_code == 422
    assert client.post(f"{address}/quote", {"content": content, "at": at}).status_code == 302
    document = open_case(path).documents[address.rpartition("/")[2]]
    (claim,) = [c for c in document.evidence if c.claim == content]
    assert claim.state == "confirmed"
    assert (claim.quote or "").rstrip(".") == unescape(sentence).replace("\u00a0", " ").rstrip(".")
    assert claim.place is not None
    assert (claim.place.file, bool(claim.place.sha256)) == ("ольховская/Отчёт.docx", True)
    rows = client.get(f"/s/{site.code(path)}/documents").content.decode()
    assert "подтверждено: «" in rows
    assert address in rows


def test_a_long_text_is_shown_part_by_part(
    client: Any, site: Site, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line of the file is on one of its parts; a quote is taken from any, and the part stays."""
    monkeypatch.setattr(file_lines, "limit", lambda _: 4)
    give(client, site, path, sent("Отчёт.docx", REPORT.read_bytes()))
    answer = client.get(f"/s/{site.code(path)}/confirm", follow=True)
    address, page = answer.redirect_chain[-1][0], answer.content.decode()
    lines, seen = [], [address]
    while True:
        lines += list(dict.fromkeys(re.findall(r'name="at" value="(\d+):', page)))
        following = re.findall(r'href="([^"#]+)#beside">Следующие', page)
        if not following:
            break
        seen.append(following[0])
        page = client.get(following[0]).content.decode()
    assert len(seen) > 2
    assert [int(line) for line in lines] == sorted({int(line) for line in lines})
    assert f'href="{seen[-2]}#beside">Предыдущие' in page
    at = re.findall(r'name="at" value="([\d:]+)"', page)[-1]
    content = re.findall(r'<option value="(\w+)">', page.partition('id="content"')[2])[0]
    start = seen[-1].rpartition("=")[2]
    taken = client.post(f"{address}/quote", {"content": content, "at": at, "from": start}, HTTP_HX_REQUEST="true")
    assert f'name="from" value="{start}"' in taken.content.decode()
    for wrong in ("-1", "99999", "x", "9" * 20):
        assert client.get(f"{address}?from={wrong}").status_code == 200


def test_after_a_restart_the_claims_are_asked_from_the_file(
    client: Any, site: Site, path: Path, make_site: Callable[[Path], Site]
) -> None:
    give(client, site, path, sent("Отчёт.docx", REPORT.read_bytes()))
    again = client_of(make_site(path.parent))
    answer = again.get(f"/s/{site.code(path)}/confirm", follow=True)
    page = answer.content.decode()
    assert "текст в файле школы не хранится" in page
    assert "<blockquote>" in page
    address = answer.redirect_chain[-1][0]
    assert again.post(address, {**question(page, "document"), "answer": "yes"}).status_code == 302
    assert again.post(f"{address}/quote", {"content": "results", "at": "0:0:5"}).status_code == 302
    assert again.get(f"/s/{site.code(path)}/confirm/нет").status_code == 404


DROP = """numbers => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(numbers)], "Отчёт.docx"));
    const drop = new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
    document.querySelector("form[data-drop]").dispatchEvent(drop);
}"""
"""drops a file with these bytes on the page"""


def test_a_dropped_file_is_confirmed_by_keys_alone(window: BrowserContext, served: Site, path: Path) -> None:
    page = window.pages[0]
    page.goto(f"/s/{served.code(path)}/files")
    page.evaluate(DROP, [*REPORT.read_bytes()])
    page.get_by_role("link", name="Подтвердить по одному").wait_for(timeout=120_000)
    drafted, level = open_case(path).content, page.locator(".level").inner_text()
    page.get_by_role("link", name="Подтвердить по одному").focus()
    page.keyboard.press("Enter")
    expect(focus(page)).to_have_text("Да, всё верно")
    page.keyboard.press("ArrowDown")
    expect(focus(page)).to_have_text("Да")
    page.keyboard.press("ArrowUp")
    letter(page, "д")
    page.get_by_text("Сохранено", exact=True).wait_for()
    expect(page.locator("#said")).to_contain_text("Сохранено. Уровень:")
    expect(page.locator(".level")).not_to_have_text(level)
    expect(focus(page), "the focus is on what waits for its own answer").to_have_class("yes")
    confirmed = open_case(path).content
    assert confirmed != drafted
    page.locator(".keys summary").focus()
    page.keyboard.press("Enter")
    page.locator("#letters").focus()
    page.keyboard.press("Space")
    page.locator("form.claim .yes").first.focus()
    letter(page, "н")
    page.reload()
    assert open_case(path).content == confirmed, "letters that are switched off answer nothing"
    expect(page.locator("#letters")).not_to_be_checked()
    page.get_by_label("Что показывает цитата").select_option(index=1)
    page.locator("label.sentence input").first.focus()
    page.keyboard.press("ArrowDown")
    assert open_case(path).content == confirmed, "arrows only choose"
    page.keyboard.press("Enter")
    page.get_by_text("Цитата взята.").wait_for()
    expect(focus(page), "the focus stays on the sentence").to_have_attribute("name", "at")
    for state in (confirmed, drafted):
        page.get_by_role("button", name="Отменить").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**said=undone")
        page.goto(page.url.partition("?")[0])
        assert open_case(path).content == state
    expect(focus(page)).to_have_text("Да, всё верно")
    expect(page.locator(".level")).to_have_text(level)


def test_what_is_asked_fits_and_can_be_read_aloud(
    window: BrowserContext, client: Any, served: Site, path: Path
) -> None:
    """As every screen of `test_window`, with documents in it."""
    give(client, served, path, sent("Отчёт.docx", REPORT.read_bytes()), sent("Скан.png", picture()))
    page, address = window.pages[0], f"/s/{served.code(path)}"
    for screen in ("files", "confirm", "documents"):
        page.goto(f"{address}/{screen}")
        for summary in page.locator("main summary").all():
            summary.click()
        for width, scheme in ((320, "dark"), (1280, "light")):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{screen} is {over} px wider than {width} px"
            assert violations(page, screen, width) == []
