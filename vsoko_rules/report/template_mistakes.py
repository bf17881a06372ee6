"""What is wrong in a user's template, in Russian and by its kind: Jinja and Python say it in English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from vsoko_rules.errors import did_you_mean

_TOKENS: Final = {
    "end of print statement": "}}", "begin of print statement": "{{", "end of statement block": "%}",
    "begin of statement block": "{%", "begin of comment": "{#", "end of comment": "#}",
    "end of template": "конец шаблона", "template data / text": "текст", "name": "имя", "integer": "целое число",
    "float": "число", "string": "текст в кавычках",
}  # fmt: skip
"""what Jinja calls the parts of a template"""
TAGS: Final = (
    *(
        "if",
        "elif",
        "else",
        "endif",
        "for",
        "endfor",
        "set",
        "endset",
        "macro",
        "endmacro",
        "call",
        "endcall",
        "filter",
    ),
    *("endfilter", "with", "endwith", "block", "endblock", "extends", "include", "import", "from", "raw", "endraw"),
)
"""what a command of a template may begin with"""
_WRITTEN: Final = "команда шаблона записана с ошибкой"
_ARGUMENTS: Final = "не те аргументы у фильтра, макроса или функции"


@dataclass(frozen=True, slots=True)
class TemplateMistake:
    """What is wrong, what was found (none where only the line tells), what was expected, what was perhaps meant."""

    message: str
    found: str | None = None
    expected: str | None = None
    hint: str | None = None


_Make = Callable[..., TemplateMistake]
"""makes a mistake of the groups of a pattern"""


def _token(name: str) -> str:
    return _TOKENS.get(name, name)


def _unknown_tag(name: str, inner: str | None) -> TemplateMistake:
    if inner is not None and name in TAGS:
        return TemplateMistake("команда шаблона стоит не на месте: не закрыта другая", name, f"{{% end{inner} %}}")
    return TemplateMistake("неизвестная команда шаблона", name, hint=did_you_mean(name, TAGS))


def _unclosed(inner: str) -> TemplateMistake:
    return TemplateMistake("команда шаблона не закрыта", inner, f"{{% end{inner} %}}")


def _expected(expected: str, found: str) -> TemplateMistake:
    return TemplateMistake(_WRITTEN, _token(found), _token(expected))


def _unexpected(found: str) -> TemplateMistake:
    return TemplateMistake(f"{_WRITTEN}: лишнее или не дописано", _token(found))


def _said(message: str, expected: str | None = None) -> _Make:
    return lambda found=None: TemplateMistake(message, found, expected)


_INNER: Final = r"(?:.*block that needs to be closed is '(\w+)')?"
_KINDS: Final[tuple[tuple[str, _Make], ...]] = (
    (rf"Encountered unknown tag '(.+?)'\.{_INNER}", _unknown_tag),
    (r"Unexpected end of template\..*block that needs to be closed is '(\w+)'", _unclosed),
    (r"unexpected end of template, expected '(.+)'", lambda token: _expected(token, "end of template")),
    (r"Unexpected end of template", lambda: _unexpected("end of template")),
    (r"expected token '(.+)', got '(.+)'", _expected),
    (r"unexpected '(.+)', expected '(.+)'", lambda found, expected: _expected(expected, found)),
    (
        r"Expected an expression, got '(.+)'",
        lambda found: TemplateMistake(_WRITTEN, _token(found), "поле или значение"),
    ),
    (r"unexpected char ['\"](.+)['\"] at", _said("непонятный знак в команде шаблона")),
    (r"unexpected '(.+)'", _unexpected),
    (r"expected (?:name or number|subscript expression)", _said(_WRITTEN, "после точки — имя поля, в скобках — номер")),
    (r"tag name expected", _said("пустая команда шаблона", "{% if … %}, {% for … %} или другая команда")),
    (r"Missing end of comment tag", _said("примечание в шаблоне не закрыто", "#}")),
    (r"Missing end of raw directive", lambda: _unclosed("raw")),
    (r"[Cc]an't assign to", _said("в шаблоне так нельзя присвоить значение", "{% set имя = значение %}")),
    (r"block '(.+)' defined twice", _said("часть шаблона названа так дважды")),
    (r"No filter named '(.+?)'", _said("неизвестный фильтр шаблона")),
    (r"No test named '(.+?)'", _said("неизвестная проверка шаблона")),
    (r"parameter '(.+)' was not provided", _said("макросу не передан аргумент")),
    (r".* is not callable", _said("скобки после того, что не вызывается", "поле без скобок")),
    (r".*(?:unexpected|takes no) keyword argument '(.+?)'", _said(_ARGUMENTS)),
    (r".*(?:positional argument|takes not more than|requires a filter argument|item has to be)", _said(_ARGUMENTS)),
    (r".* not (?:iterable|reversible)", _said("по этому значению нельзя пройти: оно не список", "список")),
    (r".* has no len\(\)", _said("у этого значения нет длины", "список или текст")),
    (
        r".*(?:unsupported operand|can only concatenate|not supported between|must be str)",
        _said("значения разного вида нельзя сложить или сравнить", "числа с числами, текст с текстом: 'а' ~ число"),
    ),
    (r".*division by zero", _said("деление на ноль в шаблоне")),
    (r"Range too big", _said("слишком длинный range в шаблоне", "не больше 100 000")),
    (r"maximum recursion depth", _said("шаблон без конца вызывает сам себя")),
    (r".*attribute '(__\w+)'", _said("шаблон обращается к запрещённому")),
)
"""what is said, by the beginning of the English message, the first that fits"""


def mistake(
    message: str, general: str, line: str | None, filters: Iterable[str], tests: Iterable[str]
) -> TemplateMistake:
    """What an English message means; where no kind fits, `general` and the line of the template.

    `filters`, `tests`: the names of those that there are.
    """
    for pattern, made in _KINDS:
        fits = re.match(pattern, message, re.DOTALL)
        if fits is not None:
            known = filters if "filter" in pattern else tests if "test" in pattern else ()
            found = made(*fits.groups())
            hint = found.hint or (did_you_mean(found.found, known) if found.found and known else None)
            return TemplateMistake(found.message, found.found, found.expected, hint)
    return TemplateMistake(general, line)
