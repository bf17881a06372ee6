"""What a person answers to a question about a draft: what was meant by the words, and the case after it.

An answer that is neither yes nor no is a statement of the person's own: another number, another element by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.questions import About, Question
from vsoko_rules.reading.scalars import span
from vsoko_rules.reading.typed import EXPECTED, document_number, typed_date, typed_flag, whereabouts
from vsoko_rules.reading.word_list import WordList, folded, parts
from vsoko_rules.ruleset.ruleset import Ruleset

_NUMBERED: Final = re.compile(r"(\d{1,2})(?:[.)]\s.*)?", re.DOTALL)
"""an option by its number: «2», «2. Мониторинг …»"""
_CHOICES: Final = frozenset({About.ELEMENT, About.GROUNDS, About.RELATION})
_NO_ELEMENT: Final = "unrelated"


class WrongAnswer(Exception):
    """An answer that cannot be understood: why, what was expected, and what was perhaps meant."""

    def __init__(self, message: str, expected: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.hint = hint


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was meant. `values`: codes of elements, ids of documents, codes of contents or what stands in a field."""

    said: Literal["yes", "no", "unsure", "values"]
    values: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    """other fields of the document that the answer names: the date that stands behind a number"""


class Understanding:
    """Reads answers in the words of one case and one ruleset."""

    def __init__(self, case: Case, ruleset: Ruleset) -> None:
        self._case = case
        self._ruleset = ruleset
        held = [q for q in ruleset.requirements.values() if q.given_by == "holds"]
        self._contents = WordList(((q.title, q.id) for q in held), ((q.ask, q.id) for q in held))
        self._elements = WordList(((e.title, e.id) for e in ruleset.elements.values()), ruleset.aliases.items())
        self._addressees = WordList(
            ((a.title, a.id) for a in ruleset.addressees.values()),
            ((a.dative, a.id) for a in ruleset.addressees.values()),
        )

    def answer(self, question: Question, text: str) -> GivenAnswer:
        """What `text` means as an answer. Raises `WrongAnswer`."""
        word = folded(text)
        if word in wording().unsure:
            return GivenAnswer("unsure")
        flag = typed_flag(text)
        if flag is not None and not (question.about in _CHOICES and word.isdigit()):
            return self._plain(question, flag == "true")
        if question.about is About.DOCUMENT:
            if word in wording().nowhere:
                return GivenAnswer("values", (_NO_ELEMENT,))
            raise WrongAnswer(wording().wrong.answer, wording().expected.document)
        if question.about is About.ELEMENT and word in wording().nowhere:
            return GivenAnswer("values", (_NO_ELEMENT,))
        if question.about in _CHOICES:
            return GivenAnswer("values", tuple(dict.fromkeys(self._chosen(question, text))))
        if question.about is About.LACKING:
            return self._lacking(text)
        if question.about is About.FIELD:
            return self._field(question.field, text.strip())
        raise WrongAnswer(wording().wrong.answer, wording().expected.flag)

    def _plain(self, question: Question, yes: bool) -> GivenAnswer:
        """A yes or a no, where it says enough."""
        if not yes:
            if question.about is About.DOCUMENT:
                raise WrongAnswer(wording().wrong.whole, wording().expected.whole)
            if question.about is About.ELEMENT:
                raise WrongAnswer(wording().wrong.element, wording().expected.element)
            return GivenAnswer("no")
        if question.about is About.ELEMENT:
            if question.named:
                return GivenAnswer("values", question.named)
            if not question.options:
                raise WrongAnswer(wording().wrong.element, wording().expected.element)
            return GivenAnswer("values", question.options[:1])
        if question.about in _CHOICES:
            chosen = question.named or (question.options if len(question.options) == 1 else ())
            if not chosen:
                raise WrongAnswer(wording().wrong.which, wording().expected.grounds)
            return GivenAnswer("values", chosen)
        if question.about is About.FIELD and " " not in question.claims[0]:
            raise WrongAnswer(wording().wrong.empty, wording().expected.field)
        return GivenAnswer("yes")

    def _chosen(self, question: Question, text: str) -> Iterator[str]:
        """The options that an answer names, by their numbers or codes, and others by their codes or names."""
        for part in self._parts(text):
            number = _NUMBERED.fullmatch(part)
            if number is not None and 1 <= int(number[1]) <= len(question.options):
                yield question.options[int(number[1]) - 1]
            elif question.about is About.ELEMENT:
                yield from self._elements_of(part)
            else:
                yield self._document(part, question)

    @staticmethod
    def _parts(text: str) -> list[str]:
        several = parts(text)
        if len(several) == 1 and all(p.strip().isdigit() for p in re.split(r"[,\s]+", text.strip())):
            return re.split(r"[,\s]+", text.strip())
        return several

    def _elements_of(self, text: str) -> Iterator[str]:
        """The element that a part of an answer names, or all of a stage: «все цели», «все цели B1»."""
        first, *rest = folded(text).split()
        blocks = [word.upper() for word in rest if word.upper() in self._ruleset.blocks]
        stage = " ".join(word for word in rest if word.upper() not in self._ruleset.blocks)
        named = next((s.id for s in self._ruleset.stages.values() if stage in (s.plural, folded(s.short))), None)
        if first not in wording().everything or named is None:
            yield self._element(text)
            return
        wanted = (e for e in self._ruleset.elements.values() if e.stage == named)
        yield from (e.id for e in wanted if not blocks or e.block in blocks)

    def _element(self, text: str) -> str:
        first = text.split(maxsplit=1)[0].strip(".,:;")
        code = self._elements.code(text) or self._elements.code(first)
        if code is None:
            hint = self._elements.hint(first if "-" in first else text)
            raise WrongAnswer(wording().wrong.element, wording().expected.element, hint)
        return self._ruleset.aliases.get(code, code)

    def _document(self, text: str, question: Question) -> str:
        documents = [d for d in self._case.documents if d.id != question.document]
        words = text.split()
        first, last = (word.strip(".,:;") for word in (words[0], words[-1]))
        wanted, number = folded(text), document_number(text)[0]
        by_code = [d.id for d in documents if d.id in (text.strip(), first, last)]
        by_title = [d.id for d in documents if folded(d.title) == wanted]
        by_number = [d.id for d in documents if number in _numbers(d)]
        found = next((ids for ids in (by_code, by_title, by_number) if len(ids) == 1), None)
        if found is not None:
            return found[0]
        raise WrongAnswer(wording().wrong.document, wording().expected.grounds)

    def _lacking(self, text: str) -> GivenAnswer:
        codes = []
        for part in self._contents.split(text):
            code = self._contents.code(part)
            if code is None:
                raise WrongAnswer(wording().wrong.content, wording().expected.content, self._contents.hint(part))
            codes.append(self._ruleset.requirement_aliases.get(code, code))
        return GivenAnswer("values", tuple(dict.fromkeys(codes)))

    def _field(self, field: str, text: str) -> GivenAnswer:
        if field == "date":
            day = typed_date(text, None)
            if day is None and span(text) is not None:
                return GivenAnswer("values", (), (("period", text),))
            if day is None:
                raise WrongAnswer(wording().wrong.date, EXPECTED["date"])
            return GivenAnswer("values", (day,))
        if field == "period" and span(text) is None:
            day = typed_date(text, None)
            if day is None:
                raise WrongAnswer(wording().wrong.date, EXPECTED["date"])
            return GivenAnswer("values", (), (("date", day),))
        if field == "number":
            number, day = document_number(text)
            if not any(ch.isdigit() for ch in number):
                return GivenAnswer("no")
            return GivenAnswer("values", (number,), (("date", day),) if day is not None else ())
        if field == "addressees":
            return self._addressed(text)
        if field == "url" and whereabouts(text)[0] != "url":
            raise WrongAnswer(wording().wrong.answer, wording().expected.url)
        return GivenAnswer("values", (text,))

    def _addressed(self, text: str) -> GivenAnswer:
        codes = []
        for part in self._addressees.split(text):
            code = self._addressees.code(part)
            if code is None:
                raise WrongAnswer(wording().wrong.answer, wording().expected.addressee, self._addressees.hint(part))
            codes.append(code)
        return GivenAnswer("values", tuple(dict.fromkeys(codes)))


def _numbers(document: Document) -> set[str]:
    said = {c.value for c in document.evidence if c.field == "number" and c.state != "rejected" and c.value}
    return {*said, *([document.number] if document.number else [])}
