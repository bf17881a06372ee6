"""Word and OpenDocument texts: everything that a reader of the document sees, once, in order."""

from __future__ import annotations

from tests.intake.texts.made import ORDER, docx, lines, odt, order, p, read
from vsoko_rules.intake.texts.file_text import Quality

LONG = "".join(map(p, ORDER))
BOX = "<w:txbxContent>{}</w:txbxContent>"


def test_paragraphs_of_word() -> None:
    text = read(order())
    assert (text.format, text.quality, text.reason) == ("docx", Quality.GOOD, None)
    assert lines(text) == list(ORDER)


def test_a_text_box_stands_before_its_paragraph_and_once() -> None:
    """Word writes it twice, for newer and for older programs."""
    box = BOX.format(p("УТВЕРЖДАЮ") + p("приказ от 01.09.2021 № 172-од"))
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        f"<w:r><w:t>Положение о ВСОКО</w:t></w:r></w:p>{LONG}"
    )
    assert lines(read(docx(body)))[:3] == ["УТВЕРЖДАЮ", "приказ от 01.09.2021 № 172-од", "Положение о ВСОКО"]


def test_content_controls_around_everything() -> None:
    held = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = held.format("<w:tr><w:tc>{}</w:tc>" + held.format("<w:tc>{}</w:tc>") + "</w:tr>")
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('Положение')}</w:sdtContent></w:sdt>"
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>№ 12</w:t></w:r></w:sdtContent></w:sdt></w:p>"
        f"<w:tbl>{row.format(p('Срок'), p('Ответственный'))}</w:tbl>{LONG}"
    )
    text = read(docx(body))
    assert lines(text)[:3] == ["Положение", "№ 12", "Срок | Ответственный"]
    assert text.lines[2].cells == ("Срок", "Ответственный")


def test_what_was_put_in_is_read_and_what_was_taken_out_is_not() -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>Приказ № 5</w:t></w:r></w:ins><w:del><w:r><w:delText> старый</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t> прежний</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t> новый</w:t></w:r></w:moveTo>"
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t> невидимый</w:t></w:r></w:p>{LONG}"
    )
    assert lines(read(docx(body)))[0] == "Приказ № 5 новый"


def test_headers_and_footers_stand_aside_and_notes_at_the_end() -> None:
    body = (
        f'{LONG}<w:sectPr><w:headerReference r:id="header1"/><w:headerReference r:id="header2"/>'
        '<w:footerReference r:id="footer1"/></w:sectPr>'
    )
    line = f'<w:footnote w:type="separator">{p("черта")}</w:footnote>'
    notes = f"<w:footnotes SPACES>{line}<w:footnote>{p('Сноска')}</w:footnote></w:footnotes>"
    header = f"<w:hdr SPACES>{p('МБОУ СОШ № 12')}</w:hdr>"
    text = read(
        docx(body, header1=header, header2=header, footer1=f"<w:ftr SPACES>{p('Лист')}</w:ftr>", footnotes=notes)
    )
    assert [line.text for line in text.lines if line.aside] == ["МБОУ СОШ № 12", "Лист"]
    assert lines(text)[-2:] == ["Сноска", "Лист"]


def test_numbers_of_lists_of_word_are_counted() -> None:
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    numbering = (
        f'<w:numbering SPACES><w:abstractNum w:abstractNumId="0">{level.format(0, "decimal", "%1.")}'
        f"{level.format(1, 'decimal', '%1.%2.')}{level.format(2, 'russianLower', '%3)')}</w:abstractNum>"
        '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    styles = (
        '<w:styles SPACES><w:style w:styleId="B"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="S"><w:basedOn w:val="B"/></w:style></w:styles>'
    )
    at = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="7"/></w:numPr>'.format
    body = "".join([
        p("Цели", at(0)), p("первая", at(1)), p("вторая", at(1)), p("а", at(2)), p("Задачи", '<w:pStyle w:val="S"/>'),
        p("снова", at(1)), p("без номера"),
    ])  # fmt: skip
    found = lines(read(docx(body + LONG, numbering=numbering, styles=styles)))
    assert found[:7] == ["1. Цели", "1.1. первая", "1.2. вторая", "а) а", "2. Задачи", "2.1. снова", "без номера"]


def test_a_frame_of_one_cell_holds_paragraphs() -> None:
    body = f"<w:tbl><w:tr><w:tc>{LONG}</w:tc></w:tr></w:tbl>"
    assert lines(read(docx(body))) == list(ORDER)


def test_open_document() -> None:
    automatic = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/></text:list-style>'
    )
    styles = "<style:master-page><style:header><text:p>МБОУ СОШ № 12</text:p></style:header></style:master-page>"
    body = (
        "<text:tracked-changes><text:p>удалено</text:p></text:tracked-changes>"
        "<text:p>Приказ<text:s text:c='3'/>№<text:tab/>5<text:line-break/>"
        "<draw:frame><draw:text-box><text:p>УТВЕРЖДАЮ</text:p></draw:text-box></draw:frame>"
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Сноска</text:p></text:note-body></text:note></text:p>"
        "<text:list text:style-name='L1'><text:list-item><text:p>Провести</text:p></text:list-item>"
        "<text:list-item><text:p>Назначить</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row>"
        "<table:table-cell><text:p>Срок</text:p></table:table-cell>"
        "<table:table-cell table:number-columns-repeated='2'><text:p>Кто</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows></table:table>" + "".join(f"<text:p>{part}</text:p>" for part in ORDER)
    )
    text = read(odt(body, automatic, styles))
    assert text.format == "odt"
    assert lines(text)[:6] == [
        "МБОУ СОШ № 12", "УТВЕРЖДАЮ", "Приказ № 5", "1. Провести", "2. Назначить", "Срок | Кто | Кто",
    ]  # fmt: skip
    assert lines(text)[-1] == "Сноска"
