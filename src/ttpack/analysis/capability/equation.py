"""Equations as data: read by an allow-list, never run as code, evaluated on arrays of numbers.

Names are those of the factors, functions those listed, exponents literal numbers. Everything else of the language is
refused before anything is computed, and so is what is too long, too deep or too large.
"""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LONGEST: Final = 4_000
DEEPEST: Final = 40
MOST_NODES: Final = 1_000
GREATEST_EXPONENT: Final = 20.0
FUNCTIONS: Final = {"exp": 1, "log": 1, "log10": 1, "sqrt": 1, "abs": 1, "min": 2, "max": 2}
"""The functions that there are, with the number of their arguments; log is the natural logarithm."""
_OPERATORS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
Evaluate = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Equation:
    """An equation that was read: its text, and the factors that it uses."""

    text: str
    names: tuple[str, ...]

    def values(self, columns: Mapping[str, "Floats"]) -> "Floats":
        """The value for each row of the columns; where it has none (a root or logarithm, a zero below), NaN."""
        import numpy as np

        count = len(next(iter(columns.values()))) if columns else 1
        with np.errstate(all="ignore"):
            found = np.asarray(_evaluator(_tree(self.text).body)(columns), dtype=np.float64)
        found = np.where(np.isfinite(found), found, np.nan)
        return np.broadcast_to(found, (count,)).copy() if found.ndim == 0 else found


def equation(text: str, names: frozenset[str]) -> Equation | str:
    """An equation of the named factors, or why it is none, in words."""
    if len(text) > LONGEST:
        return f"it is longer than {LONGEST:,} characters"
    try:
        tree = _tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "it is no equation: numbers, factors, + - * / **, parentheses and the functions listed"
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        return f"it has more than {MOST_NODES:,} parts"
    used: set[str] = set()
    reason = _refused(tree.body, names, used, 0)
    return reason or Equation(text, tuple(sorted(used)))


def _tree(text: str) -> ast.Expression:
    return ast.parse(" ".join(text.split()), mode="eval")


def _refused(node: ast.expr, names: frozenset[str], used: set[str], depth: int) -> str:  # noqa: C901, PLR0911  one for each kind
    """Why a part is not allowed; empty where it is. Factors that it uses join `used`."""
    if depth > DEEPEST:
        return f"its parentheses are more than {DEEPEST} deep"
    match node:
        case ast.Constant(value=bool() as truth):
            return f"{truth} is no number"
        case ast.Constant(value=int() | float() as value):
            return "" if _finite(value) else "it has a number that is too large"
        case ast.Name(id=name):
            used.add(name)
            return (
                "" if name in names else f"{name[:40]!r} is no factor; factors are {', '.join(sorted(names)) or 'none'}"
            )
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=inner):
            return _refused(inner, names, used, depth + 1)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            exponent = _literal(right)
            if exponent is None:
                return "an exponent is a number written out"
            if abs(exponent) > GREATEST_EXPONENT:
                return f"an exponent is at most {GREATEST_EXPONENT:g}"
            return _refused(left, names, used, depth + 1)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            return _refused(left, names, used, depth + 1) or _refused(right, names, used, depth + 1)
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if name in FUNCTIONS:
            if len(given) != FUNCTIONS[name]:
                return f"{name} takes {FUNCTIONS[name]} value{'s' if FUNCTIONS[name] > 1 else ''}"
            return next((why for one in given if (why := _refused(one, names, used, depth + 1))), "")
        case ast.Call(func=ast.Name(id=name)):
            return f"{name[:40]!r} is no function; functions are {', '.join(FUNCTIONS)}"
        case _:
            return f"{ast.unparse(node)[:40]!r} is not allowed in an equation"


def _finite(value: float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _literal(node: ast.expr) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and _finite(value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            inner = _literal(node.operand)
            return None if inner is None else -inner
        case _:
            return None


def _evaluator(node: ast.expr) -> Evaluate:
    """What computes a part that was allowed."""
    import numpy as np

    match node:
        case ast.Constant(value=int() | float() as value):
            number = float(value)
            return lambda _: number
        case ast.Name(id=name):
            return lambda columns: columns[name]
        case ast.UnaryOp(op=operator, operand=operand):
            inner = _evaluator(operand)
            return inner if isinstance(operator, ast.UAdd) else lambda columns: -inner(columns)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base, exponent = _evaluator(left), _literal(right) or 0.0
            if exponent == 2:  # noqa: PLR2004  a square is a product, which is faster and exact
                return lambda columns: np.square(base(columns))
            return lambda columns: np.power(np.asarray(base(columns), dtype=np.float64), exponent)
        case ast.BinOp(left=left, op=operator, right=right):
            first, second, apply = _evaluator(left), _evaluator(right), _APPLY[type(operator)]
            return lambda columns: apply(first(columns), second(columns))
        case ast.Call(func=ast.Name(id=name), args=given):
            function = {
                "exp": np.exp, "log": np.log, "log10": np.log10, "sqrt": np.sqrt, "abs": np.abs,
                "min": np.minimum, "max": np.maximum,
            }[name]  # fmt: skip
            arguments = [_evaluator(one) for one in given]
            return lambda columns: function(*(one(columns) for one in arguments))
        case _:
            message = "this part of an equation was not allowed"
            raise TypeError(message)


def _divided(first: Any, second: Any) -> Any:
    import numpy as np

    return np.divide(first, second)


_APPLY: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: lambda first, second: first + second,
    ast.Sub: lambda first, second: first - second,
    ast.Mult: lambda first, second: first * second,
    ast.Div: _divided,
}
