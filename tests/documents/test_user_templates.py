"""Templates of users: sandboxed, and an unknown field is named with its place."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document

from tests.documents.reading import one, word, word_text
from tests.report.pages import Page, shipped
from vsoko_rules.errors import InputError
from vsoko_rules.reading.apart import call_apart
from vsoko_rules.report.out.html import _own
from vsoko_rules.report.render import Format
from vsoko_rules.resources import shipped as folder


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process for each of these documents takes longer than making it; tests that are about the process
    put it back."""
    monkeypatch.setattr("vsoko_rules.report.sandbox.call_apart", lambda made, *args, **_: made(*args))


def _template(path: Path, *texts: str, footer: str = "") -> Path:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    document.sections[0].footer.paragraphs[0].text = footer
    document.save(str(path))
    return path


def _made(template: Path, format_: Format = Format.DOCX) -> bytes:
    return one(shipped("gorodskaya-sosh"), format_, template=template)


def _refused(template: Path, format_: Format = Format.DOCX) -> str:
    with pytest.raises(InputError) as caught:
        _made(template, format_)
    return str(caught.value)


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    path = _template(
        tmp_path / "Мой шаблон.docx",
        "Школа: {{ view.school.name }}",
        "Баллы: {{ view.score.points }}",
        footer="{{ view.school.year }}",
    )
    content = _made(path)
    assert word_text(content) == "Школа: МБОУ «СОШ № 12» города Сосновска Баллы: 9 из 19"
    assert word(content).sections[0].footer.paragraphs[0].text == "2022"


def test_a_template_is_compiled_once_for_many_schools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _template(tmp_path / "шаблон.docx", "Школа: {{ view.school.name }}")
    once = word_text(_made(path))
    monkeypatch.delattr("jinja2.environment.Environment._parse")
    other = one(shipped("preduprezhdeniya"), Format.DOCX, template=path)
    assert once != word_text(other)


def test_an_unknown_field_is_named_with_its_paragraph(tmp_path: Path) -> None:
    path = _template(tmp_path / "шаблон.docx", "Отчёт", "Школа: {{ view.school.nmae }}")
    text = _refused(path)
    assert "шаблон.docx, абзац 2 «Школа: {{ view.school.nmae }}»" in text
    assert "«nmae»" in text
    assert "Возможно, имелось в виду «name»" in text
    assert "municipality" in text


def test_an_unknown_name_lists_those_that_there_are(tmp_path: Path) -> None:
    text = _refused(_template(tmp_path / "шаблон.docx", "{{ viev.school.name }}"))
    assert "«viev»" in text
    assert "Возможно, имелось в виду «view»" in text


def test_an_unknown_field_in_a_footer(tmp_path: Path) -> None:
    text = _refused(_template(tmp_path / "шаблон.docx", "Отчёт", footer="{{ view.school.town }}"))
    assert "«town»" in text
    assert "{{ view.school.town }}" in text


def test_an_unknown_field_inside_a_loop(tmp_path: Path) -> None:
    path = _template(tmp_path / "ш.docx", "{%p for b in view.blocks %}", "{{ b.nane }}", "{%p endfor %}")
    assert "«nane»" in _refused(path)


def test_a_mistake_in_the_writing(tmp_path: Path) -> None:
    text = _refused(_template(tmp_path / "шаблон.docx", "Отчёт", "{{ view.school. }}"))
    assert text.startswith("шаблон.docx, абзац 2 «{{ view.school. }}»: команда шаблона записана с ошибкой; ожидалось: ")


KINDS = (
    ("{% foo %}", "неизвестная команда шаблона; найдено: «foo»."),
    ("{% iff view %}", "неизвестная команда шаблона; найдено: «iff». Возможно, имелось в виду «if»."),
    (
        "{% if 1 %}{% endfor %}",
        "команда шаблона стоит не на месте: не закрыта другая; найдено: «endfor»; ожидалось: {% endif %}.",
    ),
    ("{% for x in view %}", "команда шаблона не закрыта; найдено: «for»; ожидалось: {% endfor %}."),
    ("{{ view", "команда шаблона записана с ошибкой; найдено: «конец шаблона»; ожидалось: }}."),
    ("{{ 1 2 }}", "команда шаблона записана с ошибкой; найдено: «целое число»; ожидалось: }}."),
    ("{% for x y %}", "команда шаблона записана с ошибкой; найдено: «y»; ожидалось: in."),
    ("{{ (1] }}", "команда шаблона записана с ошибкой; найдено: «]»; ожидалось: )."),
    ("{{ 1) }}", "команда шаблона записана с ошибкой: лишнее или не дописано; найдено: «)»."),
    ("{{ }}", "команда шаблона записана с ошибкой; найдено: «}}»; ожидалось: поле или значение."),
    ("{{ view. }}", "команда шаблона записана с ошибкой; ожидалось: после точки — имя поля"),
    ("{% %}", "пустая команда шаблона; ожидалось: "),
    ("{{ view $ }}", "непонятный знак в команде шаблона; найдено: «$»."),
    ("{# слово", "примечание в шаблоне не закрыто; ожидалось: #}."),
    ("{% raw %}слово", "команда шаблона не закрыта; найдено: «raw»; ожидалось: {% endraw %}."),
    ("{% set 1 = 2 %}", "в шаблоне так нельзя присвоить значение"),
    ("{% block a %}{% endblock %}{% block a %}{% endblock %}", "часть шаблона названа так дважды; найдено: «a»."),
    ("{{ view|captial }}", "неизвестный фильтр шаблона; найдено: «captial». Возможно, имелось в виду «capital»."),
    ("{{ view is difined }}", "неизвестная проверка шаблона; найдено: «difined». Возможно, имелось в виду «defined»."),
    ("{{ name }}", "в шаблоне названо поле, которого нет; найдено: «name»; ожидалось: одно из: view."),
    ("{{ view() }}", "скобки после того, что не вызывается; ожидалось: поле без скобок."),
    ("{% macro m(a) %}{{ a }}{% endmacro %}{{ m() }}", "макросу не передан аргумент; найдено: «a»."),
    ("{% macro m() %}{% endmacro %}{{ m(b=2) }}", "не те аргументы у фильтра, макроса или функции; найдено: «b»."),
    ("{{ 'a'|truncate(1, 2, 3, 4, 5, 6) }}", "не те аргументы у фильтра, макроса или функции."),
    ("{{ cycler() }}", "не те аргументы у фильтра, макроса или функции."),
    ("{{ 'a' + 1 }}", "значения разного вида нельзя сложить или сравнить"),
    ("{% for x in 5 %}{% endfor %}", "по этому значению нельзя пройти: оно не список; ожидалось: список."),
    ("{{ 5|length }}", "у этого значения нет длины"),
    ("{{ 1 / 0 }}", "деление на ноль в шаблоне."),
    ("{% for x in range(999999) %}{% endfor %}", "слишком длинный range в шаблоне; ожидалось: не больше 100 000."),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "шаблон без конца вызывает сам себя."),
    ("{% include 'other' %}", "нет такого файла шаблона; найдено: «other»."),
    ("{{ 1|counted('xx') }}", "шаблон не выполняется; найдено: «{{ 1|counted('xx') }}»."),
    ("{% from 'a' import _b %}", "шаблон записан с ошибкой; найдено: «{% from 'a' import _b %}»."),
)


@pytest.mark.parametrize(("template", "message"), KINDS)
def test_every_kind_of_mistake_is_told_in_russian(template: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text(f"Школа\n{template}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        _own({"view": {"school": "Школа"}}, tmp_path)
    text = str(caught.value)
    assert re.match(r"report\.html\.j2(:[123])?: ", text)
    assert message in text
    allowed = "report html templates docs ru md for if set endif endfor endraw for in range raw capital defined view"
    assert not set(re.findall("[a-z]{2,}", text)) - set(re.findall("[a-z]{2,}", f"{template} {allowed}"))


@pytest.mark.parametrize("quoted", ["«{}»", "„{}“", "“{}”", '"{}"'])
def test_quotation_marks_as_word_types_them(quoted: str, tmp_path: Path) -> None:
    condition = f"{{% if view.school.id == {quoted.format('sos-012')} %}}да — «да»{{% endif %}}"
    assert "да — «да»" in word_text(_made(_template(tmp_path / "ёлки.docx", condition)))


def test_typed_quotation_marks_in_a_page_are_explained(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text("{% if view.school.id == «x» %}{% endif %}", encoding="utf-8")
    text = _refused(tmp_path, Format.HTML)
    assert "в команде шаблона типографские кавычки; найдено: ««»; ожидалось: прямые кавычки" in text


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ view.__class__.__init__.__globals__ }}",
        "{{ words.update({'a': 1}) }}",
        "{{ view.school.levels.__class__ }}",
        "{{ '{0.__class__}'.format(view) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% for i in range(999999999) %}x{% endfor %}",
        "{% include '/etc/passwd' %}",
    ],
)
@pytest.mark.parametrize("format_", [Format.DOCX, Format.HTML])
def test_templates_run_in_a_sandbox(attack: str, format_: Format, tmp_path: Path) -> None:
    if format_ is Format.DOCX:
        path = _template(tmp_path / "шаблон.docx", attack)
    else:
        path = tmp_path / "report.html.j2"
        path.write_text(attack, encoding="utf-8")
    assert "шаблон" in _refused(path, format_)


def test_a_page_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text(
        "{% from 'html/parts.j2' import outcome %}<p>{{ view.school.name }}</p>{% include 'more.j2' %}",
        encoding="utf-8",
    )
    (tmp_path / "more.j2").write_text("<b>{{ outcome is defined }}{{ paper.tasks|length }}</b>", encoding="utf-8")
    page = Page(_made(tmp_path, Format.HTML).decode())
    assert "МБОУ «СОШ № 12» города Сосновска" in page.text


def test_an_unknown_field_of_a_page_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text("<p>\n{% include 'more.j2' %}\n</p>", encoding="utf-8")
    (tmp_path / "more.j2").write_text("<b>\n\n{{ view.score.pionts }}</b>", encoding="utf-8")
    text = _refused(tmp_path, Format.HTML)
    assert text.startswith("more.j2:3: в шаблоне названо поле, которого нет; найдено: «pionts»")


def test_a_page_escapes(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("{{ '<script>' }}", encoding="utf-8")
    assert _made(tmp_path / "p.txt", Format.HTML) == b"&lt;script&gt;"


def test_what_is_no_template(tmp_path: Path) -> None:
    assert "файла нет" in _refused(tmp_path / "нет.docx")
    (tmp_path / "текст.docx").write_text("Отчёт", encoding="utf-8")
    assert "шаблон не открывается" in _refused(tmp_path / "текст.docx")
    with zipfile.ZipFile(tmp_path / "архив.docx", "w") as archive:
        archive.writestr("a.txt", "a")
    assert "шаблон не открывается" in _refused(tmp_path / "архив.docx")
    assert "нет такого файла шаблона" in _refused(tmp_path, Format.HTML)
    (tmp_path / "report.html.j2").write_bytes(b"\xff\xfe\x00")
    assert "report.html.j2" in _refused(tmp_path, Format.HTML)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 200_000_000)
    (tmp_path / "бомба.docx").write_bytes(stream.getvalue())
    assert "не открывается" in _refused(tmp_path / "бомба.docx")


@pytest.mark.parametrize("name", ["report", "school", "methodist", "letter"])
def test_the_shipped_templates_work_as_ones_own(name: str) -> None:
    assert word_text(_made(folder("reports") / "docx" / f"{name}.docx"))


LOOP = "{{% for {0} in range(99999) %}}{1}{{% endfor %}}"
ENDLESS = LOOP.format("a", LOOP.format("b", LOOP.format("c", "")))


@pytest.fixture
def apart(in_this_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsoko_rules.report.sandbox.call_apart", call_apart)


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("greedy", [ENDLESS, "{{ 'x' * 9999999999 }}"])
def test_a_template_that_never_ends_or_takes_all_memory(
    greedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = {"template_seconds": 5, "template_gigabytes": 1}
    monkeypatch.setattr("vsoko_rules.report.sandbox.limit", bounds.__getitem__)
    text = _refused(_template(tmp_path / "шаблон.docx", greedy))
    assert text.startswith("шаблон.docx: шаблон не выполнен; ожидалось: не больше 5 секунд и 1 ГБ памяти")


@pytest.mark.usefixtures("apart")
def test_what_is_wrong_in_a_template_is_said_from_the_other_process(tmp_path: Path) -> None:
    assert word_text(_made(_template(tmp_path / "a.docx", "{{ view.school.year }}"))) == "2022"
    assert "Возможно, имелось в виду «name»" in _refused(_template(tmp_path / "b.docx", "{{ view.school.nmae }}"))


def test_an_unknown_filter(tmp_path: Path) -> None:
    text = _refused(_template(tmp_path / "шаблон.docx", "Отчёт", "{{ view.school.name|upcase }}"))
    assert text.startswith("шаблон.docx, абзац 2 «{{ view.school.name|upcase }}»: неизвестный фильтр шаблона; найдено:")
