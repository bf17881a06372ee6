"""The language of cues: what a phrase finds and what not, where a bad one is wrong, and that it takes linear time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsoko_rules.intake.cues.matching import Matcher
from vsoko_rules.intake.cues.phrases import GAP, BadPhrase, parse_phrase
from vsoko_rules.intake.cues.tokens import Token, normal, tokens


def words(*lines: str) -> list[Token]:
    return tokens([(n, line, ()) for n, line in enumerate(lines)])


def found(phrase: str, *lines: str, across: bool = False) -> list[str]:
    """What a phrase finds in lines, as it stands there."""
    text = words(*lines)
    pieces = []
    for match in Matcher([parse_phrase(phrase)], [across]).scan(text).matches:
        first, last = text[match.first], text[match.last]
        end = last.end if last.line == first.line else len(lines[first.line])
        pieces.append(lines[first.line][first.start : end])
    return pieces


@pytest.mark.parametrize(
    ("phrase", "line", "piece"),
    [
        ("приказываю", "П Р И К А З Ы В А Ю:", "П Р И К А З Ы В А Ю"),
        ("приказываю", "с целью выявления запросов п р и к а з ы в а ю :", "п р и к а з ы в а ю"),
        ("^ приказ $", "П  Р  И  К  А  З", "П  Р  И  К  А  З"),
        ("отчет о результатах", "ОТЧЁТ О РЕЗУЛЬТАТАХ", "ОТЧЁТ О РЕЗУЛЬТАТАХ"),
        ("приказ", "ПPИКАЗ с латинской буквой", "ПPИКАЗ"),
        ("план мероприятий дорожная карта", "План мероприятий («дорожная карта»)", "План мероприятий («дорожная карта"),
        ("мониторинг*", "о мониторинге", "мониторинге"),
        ("мониторинг", "мо\xadни\xadто\xadринг", "мо\xadни\xadто\xadринг"),
        ("по итогам", "по\xa0итогам", "по\xa0итогам"),
        ("цель|цели:", "2. Цели: выявить", "Цели:"),
        ("^ задачи", "2.2. Задачи мониторинга", "Задачи"),
        ("^ задачи", "– задачи мониторинга", "задачи"),
        ("контроль .. оставляю", "Контроль за исполнением настоящего приказа оставляю за собой", None),
        ("с <day> по <day>", "с 20 сентября по 20 октября 2021 года", "с 20 сентября по 20 октября 2021 года"),
        ("приказом .. <date> <number>", "приказом директора от «28» августа 2024 года № 390-ОД", None),
        ("учителям-предметникам", "4. Учителям-предметникам:", "Учителям-предметникам"),
        ("<percent>", "составила – 82%", "82%"),
    ],
)
def test_what_is_found(phrase: str, line: str, piece: str | None) -> None:
    pieces = found(phrase, line)
    assert len(pieces) == 1
    assert piece is None or pieces == [piece]


@pytest.mark.parametrize(
    ("phrase", "line"),
    [
        ("^ приказ $", "Приказ о проведении ВПР размещён на сайте"),
        ("^ приказ", "издан приказ"),
        ("приказ $", "приказ директора"),
        ("цель:", "Цель работы: узнать"),
        ("мониторинг", "мониторинга"),
        ("цели задачи", "Цели. Задачи"),
        ("утвердить .. план", "Утвердить список. Составить план"),
        ("утвердить .. план", "Утвердить список; составить план"),
        ("утвердить .. план", "Утвердить " + "очень " * (GAP + 1) + "план"),
        ("№ <blank>", "№ _1_ от 25.08.2014"),
        ("<number>", "№ -о"),
        ("<number>", "приказ № от 25.08.2014"),
        ("<date>", "31.02.2022"),
        ("<date>", "п. 1.2.22"),
    ],
)
def test_what_only_looks_alike_is_not_found(phrase: str, line: str) -> None:
    assert found(phrase, line) == []


def test_a_gap_passes_over_six_words_and_no_more() -> None:
    assert found("утвердить .. план", "Утвердить " + "очень " * GAP + "план")


def test_a_phrase_goes_over_the_end_of_a_line_only_where_the_sentence_does_or_where_it_may() -> None:
    assert found("всероссийских проверочных работ", "мониторинг всероссийских", "проверочных работ")
    assert not found("утверждено приказом", "УТВЕРЖДЕНО", "Приказом директора")
    assert found("утверждено приказом", "УТВЕРЖДЕНО", "Приказом директора", across=True)


def test_a_phrase_does_not_go_from_one_cell_to_the_next() -> None:
    row = tokens([(0, "Срок | Ответственный", ("Срок", "Ответственный"))])
    matcher = Matcher([parse_phrase("срок ответственный"), parse_phrase("^ ответственный $")])
    assert [match.phrase for match in matcher.scan(row).matches] == [1]


@pytest.mark.parametrize(
    ("phrase", "column"),
    [
        ("", 0),
        ("..", 0),
        ("приказ ..", 9),
        ("приказ .. .. план", 10),
        ("приказ ^ план", 7),
        ("приказ $ план", 9),
        ("п* план", 0),
        ("план (год)", 5),
        ("план <day> <дата>", 11),
        ("(a+)+", 0),
        ("от <when>", 3),
        ("план|", 5),
    ],
)
def test_a_bad_phrase_says_where_it_is_wrong(phrase: str, column: int) -> None:
    with pytest.raises(BadPhrase) as raised:
        parse_phrase(phrase)
    assert raised.value.column == column
    assert raised.value.expected


LETTERS = st.text(alphabet="абвё ПЁ№-–.,:;|_«»()0123456789 \xa0\t\xadaxN%г", max_size=60)


@given(st.lists(LETTERS, max_size=6))
def test_every_token_is_a_verbatim_piece_of_its_line(lines: list[str]) -> None:
    last = (-1, 0)
    for token in words(*lines):
        piece = lines[token.line][token.start : token.end]
        assert piece
        assert (token.line, token.start) >= last
        last = (token.line, token.end)
        if token.shape is None:
            assert normal("".join(piece.split())) == token.text


PHRASES = [
    *("план .. план .. план .. план", "аб* .. ба* .. аб*", "^ аб* .. <date> .. <number> $", "<number> .. <number>"),
    *("а|б|в|план .. а|б|в", "<day> .. <day> .. <day>", "№ <blank> .. <blank>"),
]


@given(st.lists(st.sampled_from(["план", "аб", "ба", "№ 5", "01.02.2022", "___", ",", "№", "\n"]), max_size=120))
def test_a_token_costs_no_more_than_there_are_places_in_the_phrases(parts: list[str]) -> None:
    """However a text is made, so that no text and no phrase makes the search hang."""
    phrases = [parse_phrase(text) for text in PHRASES]
    places = sum(len(phrase.steps) for phrase in phrases)
    text = words(*" ".join(parts).split("\n"))
    for across in (False, True):
        assert Matcher(phrases, [across] * len(phrases)).scan(text).comparisons <= places * len(text)


def test_twice_the_text_takes_twice_the_comparisons() -> None:
    matcher = Matcher([parse_phrase(text) for text in PHRASES])
    once, twice = (matcher.scan(words("план " * n)).comparisons for n in (2_000, 4_000))
    assert twice <= 2 * once + 100
