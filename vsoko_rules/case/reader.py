"""Reading a case file and holding it against a ruleset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from vsoko_rules.case.consistency import DOCUMENT, UnknownCodes, contradictions
from vsoko_rules.case.document_records import RELATIONS, Document
from vsoko_rules.case.given import GIVEN, GivenData, given_data
from vsoko_rules.case.known_codes import known_codes
from vsoko_rules.case.lapses import hashed_files
from vsoko_rules.case.publication import NO_FILES
from vsoko_rules.case.records import Case
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.reading.attached import AttachedFile, look
from vsoko_rules.reading.validation import Positioned, validated
from vsoko_rules.reading.yaml import Source, parse, read
from vsoko_rules.ruleset.ruleset import Ruleset


class CaseFile:
    """A case with the file it was read from: `source` knows the place of everything in it."""

    def __init__(
        self,
        content: Case,
        source: Positioned,
        name: str,
        sha256: str,
        made_for: str | None = None,
        notices: Sequence[Problem] = (),
        files: Mapping[str, AttachedFile] = NO_FILES,
        folder: Path | None = None,
    ) -> None:
        self.content = content
        self.source = source
        self.name = name
        self.sha256 = sha256
        self.made_for = made_for
        """the version of the ruleset that a form was made for; none where the file does not say"""
        self.notices = tuple(notices)
        """how the file was understood, where that left something to guess"""
        self.files = files
        """the files that documents name, as they were found, by the names in the case; none: nobody could look"""
        self.folder = folder
        """where the files that it names lie; none: nobody knows"""
        self.documents = {d.id: d for d in content.documents}
        self._numbers = {d.id: n for n, d in enumerate(content.documents)}

    def changed(self, content: Case, source: Positioned | None = None) -> CaseFile:
        """The same file with another content, as if it stood there."""
        known = (source or self.source, self.name, self.sha256, self.made_for, self.notices, self.files, self.folder)
        return CaseFile(content, *known)

    def hashed(self) -> CaseFile:
        """The same file with the hashes of all files that its documents name."""
        files = attached(self.content, self.folder, digest=True)
        known = (self.source, self.name, self.sha256, self.made_for, self.notices, files, self.folder)
        return CaseFile(self.content, *known)

    @property
    def shared_name(self) -> str:
        """How others are told of the file: without the folders of the person whose it is."""
        return Place(self.name).shared.file

    def reviews(self, block: str) -> bool:
        """Whether somebody went through a block."""
        return bool(self.content.reviewing((block,)))

    def document_place(self, document: str, *path: str | int) -> Place:
        """Where a document stands, or one of its fields."""
        return self.source.place(("documents", self._numbers[document], *path))


def read_case(path: Path, name: str | None = None) -> CaseFile:
    """Read one case from a YAML file. Raises `InputError` with every problem that can be seen without a ruleset."""
    return case_of_source(read(path, InputError, name), path.parent)


def parse_case(content: bytes, name: str, folder: Path | None = None) -> CaseFile:
    """Read one case from YAML. `name` is how it is called in messages, `folder` where the files that it names lie; see
    `read_case`."""
    return case_of_source(parse(content, name, InputError), folder)


def case_of_data(data: Mapping[str, Any], name: str = GIVEN, folder: Path | None = None) -> CaseFile:
    """A case given as plain data, with the checks of a file. Errors name the document and the field."""
    return case_of_source(given_data(data, name), folder)


def case_as_kept(data: Mapping[str, Any], name: str, sha256: str, files: Mapping[str, AttachedFile]) -> CaseFile:
    """A case given as data that a guarded reader has taken before; `files` are those that its documents name. Raises
    `InputError` as `case_of_data` does, but for what only a reader sees."""
    source = GivenData(name, data, sha256)
    content = validated(Case, source, InputError)
    if problems := list(contradictions(content, source, None)):
        raise InputError(problems)
    return CaseFile(content, source, name, sha256, files=files)


def case_of_source(source: Source | GivenData, folder: Path | None) -> CaseFile:
    """A case from what was read already, with the checks of a file."""
    content = validated(Case, source, InputError)
    problems = list(contradictions(content, source, folder))
    if problems:
        raise InputError(problems)
    return CaseFile(content, source, source.name, source.sha256, files=attached(content, folder), folder=folder)


def attached(case: Case, folder: Path | None, digest: bool = False) -> dict[str, AttachedFile]:
    """The files that the documents of a case name, as they are found in its folder with the hashes of those
    whose hash the case records (`digest`: of all); nothing where the folder is not known."""
    if folder is None:
        return {}
    recorded = hashed_files(case)
    return {file: look(folder / file, digest or file in recorded) for file in named_files(case)}


def named_files(case: Case) -> list[str]:
    """The files that the documents of a case name, or of which it records the hash."""
    named = [*(d.file for d in case.documents if d.file is not None), *sorted(hashed_files(case))]
    return list(dict.fromkeys(named))


def check_case(case: CaseFile, ruleset: Ruleset, others: Iterable[Ruleset] = ()) -> tuple[Problem, ...]:
    """Hold the codes of a case against `ruleset`.

    A code that only one of `others` knows (the case was filled for several rulesets) is passed over. Returns notices
    that do not keep the case from being assessed; raises `InputError` with every problem that does.
    """
    checker = _Codes(case, ruleset, tuple(others))
    problems = list(checker.problems())
    if problems:
        raise InputError([*problems, *checker.other_version()])
    return tuple(checker.notices())


class _Codes:
    def __init__(self, case: CaseFile, ruleset: Ruleset, others: tuple[Ruleset, ...]) -> None:
        self.case = case.content
        self.documents = case.documents.keys()
        self.made_for = case.made_for
        self.read = case.notices
        self.place, self.key_place = case.source.place, case.source.key_place
        self.ruleset = ruleset
        self.unknown = UnknownCodes()
        self.known = known_codes((ruleset, *others))

    def problems(self) -> Iterator[Problem]:
        case = self.case
        for n, document in enumerate(case.documents):
            path = ("documents", n)
            if not (self.known.elements.issuperset(document.serves) and self.known.contents.issuperset(document.holds)):
                yield from self.among(document.serves, self.known.elements, "элемента", (*path, "serves"))
                yield from self.among(document.holds, self.known.contents, "требования", (*path, "holds"))
            for element, contents in document.holds_for.items():
                if element not in self.known.elements:
                    yield self.unknown(
                        self.key_place((*path, "holds_for", element)), "элемента", element, self.known.elements
                    )
                yield from self.among(contents, self.known.contents, "требования", (*path, "holds_for", element))
            if document.evidence:
                yield from self.claims(document, path)
            if document.addressees:
                yield from self.among(document.addressees, self.known.addressees, "адресата", (*path, "addressees"))
            if document.remarks:
                yield from self.among(document.remarks, self.known.remarks, "пометки", (*path, "remarks"))
        yield from self.among(case.reviewed or (), self.known.blocks, "блока", ("reviewed",))
        for code in case.school.counts:
            if code not in self.known.counts:
                yield self.unknown(self.key_place(("school", "counts", code)), "числа", code, self.known.counts)
        for n, override in enumerate(case.overrides):
            known = self.known.elements | self.known.indicators
            if override.of not in known and (self.known.indicators or override.of not in case.indicators):
                yield self.unknown(self.place(("overrides", n, "of")), "элемента или показателя", override.of, known)
        yield from self.marks()
        yield from self.decided_twice()

    def claims(self, document: Document, path: tuple[str | int, ...]) -> Iterator[Problem]:
        """A claim speaks of a requirement, or of a field and what stands there."""
        known: dict[str | None, tuple[str, AbstractSet[str]]] = {
            None: ("требования", self.known.contents),
            "serves": ("элемента", self.known.elements),
            "addressees": ("адресата", self.known.addressees),
            **dict.fromkeys(RELATIONS, (DOCUMENT, self.documents)),
        }
        for n, claim in enumerate(document.evidence):
            if claim.field in known and claim.value is not None:
                what, codes = known[claim.field]
                yield from self.among([claim.value], codes, what, (*path, "evidence", n, "claim"), listed=False)

    def decided_twice(self) -> Iterator[Problem]:
        """Of two decisions on one element neither may win silently."""
        aliases = {**self.ruleset.indicator_aliases, **self.ruleset.aliases}
        first: dict[str, int] = {}
        for n, override in enumerate(self.case.overrides):
            code = aliases.get(override.of, override.of)
            if (before := first.setdefault(code, n)) != n:
                place = self.place(("overrides", n, "of"))
                expected = f"одно решение по элементу; впервые — {self.place(('overrides', before, 'of'))}"
                yield Problem(place, "повторное решение эксперта", override.of, expected)

    def marks(self) -> Iterator[Problem]:
        """Indicators must be on the list, and marks within it.

        Where the ruleset has no list, its elements may be named; what else stands there is passed over only in a case
        that was filled for another ruleset.
        """
        known_codes = self.known.indicators or self.known.elements
        foreign = not self.known.indicators and self.case.ruleset not in (None, self.ruleset.id)
        for code, entry in self.case.indicators.items():
            if code not in known_codes and not foreign:
                yield self.unknown(self.key_place(("indicators", code)), "показателя", code, known_codes)
            known = self.ruleset.indicators.get(self.ruleset.indicator_aliases.get(code, code))
            if known is not None and entry.mark is not None and not 0 <= entry.mark <= known.max:
                place = self.place(("indicators", code, "mark"))
                yield Problem(place, "отметка вне шкалы показателя", str(entry.mark), f"от 0 до {known.max}")

    def among(
        self,
        found: Iterable[str],
        known: AbstractSet[str],
        what: str,
        path: tuple[str | int, ...],
        listed: bool = True,
    ) -> Iterator[Problem]:
        if known >= set(found):
            return
        for m, code in enumerate(found):
            if code not in known:
                yield self.unknown(self.place((*path, m) if listed else path), what, code, known)

    def notices(self) -> Iterator[Problem]:
        yield from self.read
        former = (
            ("serves", "элемента", self.ruleset.aliases),
            ("holds", "требования", self.ruleset.requirement_aliases),
        )
        for n, document in enumerate(self.case.documents):
            for field, what, aliases in former:
                codes = getattr(document, field)
                for m, code in enumerate(codes if not aliases.keys().isdisjoint(codes) else ()):
                    if code in aliases:
                        place = self.place(("documents", n, field, m))
                        yield Problem(place, f"прежний код {what}", code, aliases[code])
        for code in self.case.indicators:
            if code in self.ruleset.indicator_aliases:
                place = self.place(("indicators", code))
                yield Problem(place, "прежний код показателя", code, self.ruleset.indicator_aliases[code])
        yield from self.other_version()
        named = self.case.ruleset
        if named is not None and named != self.ruleset.id:
            yield Problem(self.place(("ruleset",)), "файл заполнен для другой методики", named, self.ruleset.id)

    def other_version(self) -> Iterator[Problem]:
        """A form that was made for another version of the ruleset may name codes that are no longer there."""
        version = self.made_for if self.case.ruleset == self.ruleset.id else None
        if version not in (None, self.ruleset.version):
            message = "форма составлена для другой версии методики"
            yield Problem(self.place(("ruleset",)), message, version, self.ruleset.version)
