"""Small faults that may be put into a module: which there are, and the text of the module with one of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "reversed": "list"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: bytes `start` to `end` of a file are replaced by `text`. `statement`, `code` and `becomes` are lines
    without the space around them: where the statement begins, where the fault is, and what that line becomes."""

    file: str
    line: int
    start: int
    end: int
    text: str
    statement: str
    code: str
    becomes: str
    inside: bool
    """in a function, so that it can be put into a program that has been loaded"""

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays when other lines of the file change."""
        return self.file, self.code, self.becomes

    def put_into(self, source: bytes) -> bytes:
        """The module with this fault."""
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutants_of(file: str, source: bytes) -> list[Mutant]:
    """Every fault that may be put into a module, in the order of its text."""
    lines = source.splitlines(keepends=True)
    begins = [0]
    for line in lines:
        begins.append(begins[-1] + len(line))
    found = []
    for node, text, statement, inside in _walk(ast.parse(source), "", lines, False):
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start, end = begins[node.lineno - 1] + node.col_offset, begins[node.end_lineno - 1] + node.end_col_offset
        before, after = source[begins[node.lineno - 1] : start], source[end : begins[node.end_lineno]]
        code, becomes = (each.decode().strip() for each in (lines[node.lineno - 1], before + text.encode() + after))
        found.append(Mutant(file, node.lineno, start, end, text, statement, code, becomes, inside))
    return sorted(found, key=lambda m: (m.start, m.end, m.text))


Placed = ast.expr | ast.stmt


def _walk(node: ast.AST, statement: str, lines: list[bytes], inside: bool) -> Iterator[tuple[Placed, str, str, bool]]:
    if isinstance(node, ast.stmt):
        statement = lines[node.lineno - 1].decode().strip()
    for replaced, text in _changes(node):
        if inside or not isinstance(node, ast.BinOp):  # elsewhere they are types: `A | B`
            yield replaced, text, statement, inside
    if isinstance(node, ast.Raise | ast.JoinedStr) or (isinstance(node, ast.If) and "TYPE_CHECKING" in statement):
        return  # words of messages are not judged here
    within = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "bases"}:
            continue
        if name == "slice" and _is_end(value):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.keyword) and child.arg == "strict":
                continue
            if isinstance(child, ast.AST):
                yield from _walk(child, statement, lines, within if name in {"body", "orelse"} or inside else inside)


def _changes(node: ast.AST) -> Iterator[tuple[Placed, str]]:
    """What is replaced, and by what."""
    for part, new in _new_nodes(node):
        yield part, ast.unparse(new)
    for test in _tests(node):
        if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
            yield test, f"(not ({ast.unparse(test)}))"
    match node:
        case ast.UnaryOp(op=ast.Not()):
            yield node, f"({ast.unparse(node.operand)})"
        case ast.Call(func=ast.Name(id="sorted")):
            yield node, f"{ast.unparse(node)}[::-1]"
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield node, "return None"
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign() | ast.Raise():
            yield node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield node, "pass"
        case ast.Continue():
            yield node, "break"
        case ast.Break():
            yield node, "continue"


def _new_nodes(node: ast.AST) -> Iterator[tuple[Placed, ast.expr | ast.stmt]]:
    match node:
        case ast.Compare(left, ops, comparators):
            for n, op in enumerate(ops):
                changed = [*ops[:n], COMPARED[type(op)](), *ops[n + 1 :]]
                yield node, ast.Compare(left, changed, comparators)
        case ast.BoolOp(op, values):
            yield node, ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.BinOp(left, op, right) if type(op) in RECKONED:
            yield node, ast.BinOp(left, RECKONED[type(op)](), right)
        case ast.AugAssign(target, op, value) if type(op) in RECKONED:
            yield node, ast.AugAssign(target, RECKONED[type(op)](), value)
        case ast.Constant(value=bool() as value):
            yield node, ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield node, ast.Constant(value + 1)
        case ast.Subscript(slice=end) if _is_end(end):
            yield end, ast.Constant(0) if isinstance(end, ast.UnaryOp) else ast.Constant(-1)
        case ast.Call(func=ast.Name(id=name) as function) if name in CALLED:
            if name == "sorted":
                yield node, ast.Call(ast.Name("list"), node.args, [])
            else:
                yield function, ast.Name(CALLED[name])


def _tests(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return [test]
        case ast.comprehension(ifs=ifs):
            return ifs
    return []


def _is_end(node: object) -> bool:
    """Whether an index takes the first or the last."""
    return isinstance(node, ast.expr) and ast.unparse(node) in {"0", "-1"}
