"""One small study from its table of schools to the protocol, by seven people in seven browsers, over a server that runs
as it does for an administrator: two commands and nothing else."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.documents.reading import word_text
from tests.ports import own_port
from vsoko_rules.case.write import as_yaml
from vsoko_rules.region.region_records import RegionPerson, RegionRole, RegionSchool
from vsoko_rules.region.roster_book import roster_book
from vsoko_rules.resources import shipped
from vsoko_rules.workspace.opening import open_case, open_ruleset

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

PASSWORD: Final = "лиловый трактор поёт в марте"
TOWNS: Final = {"gorodskaya-sosh": "Приозёрск", "selskaya-oosh": "Заречный"}
LONG: Final = 30_000
"""milliseconds"""


def vsoko(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vsoko_rules", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@dataclass
class Server:
    """A server of its own, and the people who open it."""

    folder: Path
    address: str
    link: str
    """that opens once, for the first person of the centre"""
    browser: Any
    pages: dict[str, Any] = field(default_factory=dict)

    def person(self, login: str, link: str) -> Page:
        """Open an invitation in a browser of one's own, and set a password."""
        context = self.browser.new_context(base_url=self.address)
        context.set_default_timeout(LONG)
        page: Page = context.new_page()
        page.goto(link)
        page.get_by_label("Новый пароль").fill(PASSWORD)
        page.get_by_label("Ещё раз").fill(PASSWORD)
        page.get_by_role("button", name="Сохранить и войти").click()
        page.get_by_role("heading", name="Начало").wait_for()
        self.pages[login] = page
        return page

    def seat(self, school: str, who: str) -> str:
        """The code of a seat: what an attacker would have to guess."""
        with sqlite3.connect(self.folder / "база.sqlite") as base:
            query = (
                "SELECT s.code FROM hosted_seat s JOIN hosted_schoolentry e ON e.id = s.school_id "
                "WHERE e.code = ? AND s.who = ?"
            )
            (found,) = base.execute(query, (school, who)).fetchone()
        return str(found)


@pytest.fixture
def server(tmp_path: Path, browser: Browser) -> Iterator[Server]:
    """Set up and started by the two commands of the README; the port is a free one."""
    folder = tmp_path / "сервер"
    port = own_port()
    made = vsoko("serve", folder, "--init")
    assert made.returncode == 0, made.stderr
    link = re.findall(r"/invite/\S+", made.stdout)[0].rstrip(".")
    settings = folder / "server.yml"
    text = settings.read_text(encoding="utf-8").replace("8080", str(port))
    settings.write_text(re.sub(r"(?m)^#? ?second_factor:.*$", "", text) + "\nsecond_factor: false\n", encoding="utf-8")
    command = [sys.executable, "-m", "vsoko_rules", "serve", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        assert "отвечает" in process.stdout.readline()
        yield Server(folder, f"http://127.0.0.1:{port}", link, browser)
        for context in browser.contexts:
            context.close()
        process.terminate()
        process.wait(60)


@pytest.mark.parametrize("address", ["mysql://base", "postgresql://nobody@127.0.0.1:1/base"])
def test_a_server_whose_database_is_none_is_not_begun(address: str, tmp_path: Path) -> None:
    refused = vsoko("serve", tmp_path / "сервер", "--init", "--database", address)
    assert refused.returncode == 2
    assert "баз" in refused.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def schools_and_people() -> bytes:
    """The table of the study: two schools, seven people."""
    ruleset = open_ruleset("bashkortostan-2022")
    schools = []
    for name, town in TOWNS.items():
        own = open_case(shipped("cases") / f"{name}.yml").content.school
        schools.append(RegionSchool(own.id, own.name, town, own.levels, dict(own.counts)))
    role = RegionRole
    people = [
        RegionPerson("school1", "Ирина Примерова", role.SCHOOL, school=schools[0].code),
        RegionPerson("school2", "Олег Пробный", role.SCHOOL, school=schools[1].code),
        RegionPerson("expert1", "Анна Первая", role.EXPERT),
        RegionPerson("expert2", "Борис Второй", role.EXPERT),
        RegionPerson("methodist", "Вера Средняя", role.METHODIST, municipalities=("Приозёрск",)),
        RegionPerson("auditor", "Глеб Верный", role.AUDITOR),
    ]
    return roster_book({c.id: c.title for c in ruleset.counts.values()}, schools, people)


def filled(name: str, without: str | None = None) -> bytes:
    """The file that somebody has filled in for a school, all blocks gone through; `without` a document."""
    case = open_case(shipped("cases") / f"{name}.yml").content
    documents = tuple(d for d in case.documents if d.id != without)
    blocks = tuple(open_ruleset(case.ruleset).blocks)
    return as_yaml(case.model_copy(update={"documents": documents, "reviewed": blocks})).encode()


def take(page: Page, content: bytes) -> None:
    """On the pages of a seat: take everything from a file."""
    page.get_by_role("link", name="Документы", exact=True).first.click()
    page.get_by_role("link", name="Вставить из Excel").click()
    page.get_by_label("Файл школы", exact=True).set_input_files(
        {"name": "школа.yml", "mimeType": "application/yaml", "buffer": content}
    )
    page.get_by_role("button", name="Взять из файла").click()
    page.get_by_role("heading", name="Документы", exact=True).wait_for()


def step(page: Page, button: str) -> None:
    """Take the study to the next phase, with what is told confirmed."""
    page.get_by_role("link", name=button).click()
    page.get_by_role("button", name=button).wait_for()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name=button).click()
    page.get_by_text("переведено в другую фазу").wait_for()


def test_a_study_from_its_table_to_the_protocol(server: Server) -> None:
    centre = server.person("centre", server.link)
    study = begun(server, centre)
    for login in ("school1", "school2"):
        page = server.pages[login]
        page.get_by_role("link", name="Моя проверка").click()
        take(page, filled(list(TOWNS)[int(login[-1]) - 1]))
        page.get_by_role("link", name="Отправить").first.click()
        page.get_by_role("button", name="Отправить").click()
        page.get_by_text("отправлено").wait_for()
    assigned(centre, study)
    centre.goto(study)
    step(centre, "Перейти к экспертизе")
    experts(server)
    centre.goto(study)
    step(centre, "Перейти к согласованию")
    pairs(server)
    centre.goto(study)
    step(centre, "Закрыть исследование")
    centre.get_by_role("button", name="Открыть результаты школам").click()
    centre.get_by_text("Результаты открыты школам").wait_for()
    results(server)
    told = vsoko("audit", server.folder)
    assert told.returncode == 0, told.stdout + told.stderr


def begun(server: Server, centre: Page) -> str:
    """A study with its schools and people, each of whom has come in; gives its address."""
    centre.get_by_role("link", name="Новое исследование").click()
    centre.get_by_label("Название").fill("Исследование ВСОКО, проба")
    centre.get_by_label("Год исследования").fill("2022")
    centre.get_by_label("Методика").select_option("bashkortostan-2022")
    centre.get_by_label("Первый день периода").fill("01.09.2021")
    centre.get_by_label("Последний день периода").fill("31.08.2022")
    centre.get_by_role("button", name="Начать исследование").click()
    centre.get_by_role("heading", name="Фаза").wait_for()
    study = centre.url
    centre.get_by_role("link", name="таблицу школ и людей").click()
    centre.get_by_label("Заполненная таблица").set_input_files(
        {"name": "регион.xlsx", "mimeType": "application/octet-stream", "buffer": schools_and_people()}
    )
    centre.get_by_role("button", name="Посмотреть, что понято").click()
    centre.get_by_role("button", name="Загрузить: так и есть").click()
    centre.get_by_role("link", name="ссылки для входа").click()
    centre.get_by_role("button", name="Выдать ссылки и показать").click()
    centre.get_by_text("Ссылки показаны один раз").wait_for()
    centre.wait_for_load_state()
    links = {}
    for row in centre.get_by_role("row").all()[1:]:
        login, link = row.locator("td").first.inner_text(), re.findall(r"http\S+", row.inner_text())[0]
        links[login] = link
    assert set(links) == {"school1", "school2", "expert1", "expert2", "methodist", "auditor"}
    for login, link in links.items():
        server.person(login, link)
    used = server.browser.new_context(base_url=server.address).new_page()
    answer = used.goto(links["expert1"])
    assert answer is not None
    assert answer.status in (404, 410)
    return study


def assigned(centre: Page, study: str) -> None:
    """Both experts on both schools."""
    centre.goto(f"{study}assignment")
    centre.get_by_role("link", name="Предложить для оставшихся").click()
    centre.get_by_role("button", name="Сохранить это назначение").click()
    centre.get_by_text("Назначение сохранено").wait_for()


def experts(server: Server) -> None:
    """Each fills and closes both schools; the second finds one document less in the first school. Neither sees anything
    of the other."""
    for login, without in (("expert1", None), ("expert2", "komanda")):
        page = server.pages[login]
        for number, name in enumerate(TOWNS):
            page.goto("/")
            school = open_case(shipped("cases") / f"{name}.yml").content.school
            page.get_by_role("row").get_by_role("link", name=school.name).click()
            begins = page.get_by_role("heading", name="Проверка", exact=True)
            begins.wait_for()
            take(page, filled(name, without if number == 0 else None))
            attacked(server, login, name)
            page.get_by_role("link", name="Закрыть оценку").click()
            page.get_by_role("button", name="Закрыть оценку").click()
            page.get_by_text("оценка закрыта").nth(number).wait_for()


def attacked(server: Server, login: str, name: str) -> None:
    """The seats of the school itself and of the other expert do not exist for this one, by any address."""
    page = server.pages[login]
    school = open_case(shipped("cases") / f"{name}.yml").content.school.id
    foreign = {server.seat(school, who) for who in ("self", "A", "B")} - seats_of(page)
    assert len(foreign) == 2
    for code in sorted(foreign):
        for tab in ("", "documents", "history", "papers/json", "why", "disputes", "lock", "copy/yml"):
            answer = page.request.get(f"/s/{code}/{tab}")
            assert answer.status in (404, 405), tab
            assert school not in answer.text()


def seats_of(page: Page) -> set[str]:
    """The codes of seats that stand anywhere on the first page of somebody."""
    return set(re.findall(r"/s/([\w-]+)/", page.request.get("/").text()))


def pairs(server: Server) -> None:
    """What they differ on is decided: the first proposes, the second agrees."""
    for login in ("expert1", "expert2"):
        page = server.pages[login]
        page.goto("/")
        page.get_by_role("row").get_by_role("link").first.click()
        page.get_by_role("heading", name="Расхождения").wait_for()
        page.wait_for_load_state()
        disputes = page.locator("article.dispute")
        for number in range(disputes.count()):
            one = disputes.nth(number)
            one.get_by_role("radio").first.check()
            one.get_by_label("Почему").fill("Приказ о команде опубликован на сайте")
            one.get_by_role("button", name="Предложить").click()
            one.get_by_text("Решено" if login == "expert2" else "Вы предлагаете").first.wait_for()
    server.pages["expert2"].get_by_text("Всё решено, итог закрыт").wait_for()


def results(server: Server) -> None:
    """The school sees what was agreed and with both names, the auditor what happened."""
    school = server.pages["school1"]
    school.goto("/")
    school.get_by_role("link", name="Согласованный итог").click()
    school.get_by_role("heading", name="Проверка", exact=True).wait_for()
    school.get_by_role("link", name="Отчёты").first.click()
    with school.expect_download() as waiting:
        school.get_by_role("link", name="скачать: Страница, эксперту").click()
    report = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert "Анна Первая" in report
    assert "Борис Второй" in report
    methodist = server.pages["methodist"]
    for paper, ending in (("Протокол", ".docx"), ("Письма школам", ".zip")):
        methodist.goto("/")
        methodist.get_by_role("link", name="Приозёрск").click()
        methodist.get_by_role("button", name=paper).click()
        with methodist.expect_download() as waiting:
            methodist.get_by_role("link", name="Скачать").click()
        assert waiting.value.suggested_filename.endswith(ending)
        content = Path(waiting.value.path()).read_bytes()
        if ending == ".docx":
            assert "СОШ № 12" in word_text(content).replace("\u00a0", " ")
    auditor = server.pages["auditor"]
    auditor.goto("/trail")
    auditor.get_by_text("Борис Второй").first.wait_for()
