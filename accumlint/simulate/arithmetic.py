"""Arithmetic on what the run knows: exact on numbers, on losses by the factors they pick up."""

from __future__ import annotations

import operator
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from accumlint.simulate.run import Run, settled, together
from accumlint.simulate.state import BATCH, Infeasible
from accumlint.simulate.values import (
    BATCH_SIZE,
    NO_TURNS,
    NOTHING,
    ONE,
    UNSEEN,
    Dict,
    Known,
    Opaque,
    Seq,
    Stream,
    Value,
    Weight,
    flows_of,
    is_wide,
)

_ARITHMETIC: dict[str, Callable[[Fraction | int, Fraction | int], Fraction | int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}


QUOTIENT = re.compile(r"^\(([\w.]+)//[\w.]+\)$")  # the name of one setting over another
_LONGEST_NAME = 400
_LONG = 64  # a list of more items is as good as a longer one
_FACTORS = re.compile(r"[^()*]+")
_OTHER_OPERATORS = re.compile(r"[-+/%]")
_OTHER_COUNT = re.compile(r"gpu|device_count|world_size|num_(processes|replicas|classes|workers)|n_?procs?$|temperature")
_CONSTANT_FACTOR = re.compile(r"lambda|alpha|beta|gamma|weight|coef|lamb|(^|_)eps|temperature")


def counts_others(name: str) -> bool:
    """Whether a setting of that name counts other things than micro-batches, as processes or classes."""
    return _OTHER_COUNT.search(name) is not None


def arithmetic(run: Run, op: str, left: Value, right: Value) -> Value:
    """``left op right``."""
    left, right = settled(left), settled(right)
    if op == "*":
        left, right = _decayed(run, left, right), _decayed(run, right, left)
    if isinstance(left, (Seq, Stream)) and isinstance(right, (Seq, Stream)) and op in ("+", "|"):
        return _joined(left, right)
    if op == "*" and isinstance(left, Seq) and left.items:
        return _repeated(run, left, right)
    flags = (
        isinstance(left, Known) and isinstance(right, Known) and isinstance(left.value, bool) and isinstance(right.value, bool)
    )
    if op in ("|", "&") and flags and isinstance(left, Known) and isinstance(right, Known):
        truth = bool(left.value or right.value if op == "|" else left.value and right.value)
        return Known(truth, left.taint | right.taint, index=left.index or right.index)
    if op == "&" and isinstance(left, Known) and left.index and not isinstance(left.value, bool):
        return _masked(run, left, right)
    if op in ("|", "&") and isinstance(left, Known) and isinstance(right, Known) and (left.index or right.index):
        return Opaque(UNSEEN)
    if op == "%" and not (isinstance(left, Known) and isinstance(left.value, str)):
        if run.checking and isinstance(right, Opaque) and run.plan.window in _FACTORS.findall(right.id):
            _whole_windows(run)
        divisor = _samples_of_a_window(run, left, right) or run.modulus(right)
        swapped = divisor is not None and divisor.index and isinstance(left, Opaque) and left.stable
        dividend = run.modulus(left) if swapped else run.number(left)
        if divisor is not None and dividend is not None:
            for name in divisor.taint if dividend.index and not dividend.taint else ():
                run.setting(name, "remainder")
            if divisor.index:
                run.number(left, "modulus")
            return _numbers(op, dividend, _whole(run, dividend, divisor))
        if divisor is not None and isinstance(left, Opaque):
            if not run.fixed:
                return Opaque(UNSEEN)
            return Opaque(f"({left.id}%{'|'.join(sorted(divisor.taint))})", stable=left.stable)
    shared = _shared(run, op, left, right) or (_whole_windows_of(run, left, right) if op == "*" else None)
    if shared is not None:
        return shared
    a, b = run.number(left), run.number(right)
    if op == "//" and a is not None and a.index:  # while a share, as ``step / total``, tells how far it has come
        b = run.modulus(right)
    if a is not None and b is not None:
        if op in ("+", "-"):
            a, b = in_samples(run, a, b), in_samples(run, b, a)
        return _quotient(run, op, a, b) or _numbers(op, a, b)
    return _divided(op, left, right, _tensors(run, op, left, right, a, b))


def _whole(run: Run, dividend: Known, divisor: Known) -> Known:
    """``divisor``, a setting of its own where it is several in one that a plain counter is held against: so long is a window then."""
    name = together(divisor.taint)
    if name is None or divisor.index or not dividend.index or dividend.taint or not isinstance(divisor.value, int):
        return divisor
    run.setting(name, "modulus")
    return run.literal(divisor.value, name)


def in_samples(run: Run, length: Known, other: Known) -> Known:
    """``length``, as so many samples where it is that of a data set and stands beside what counts samples; what the loops go over has as
    many micro-batches, or strides."""
    for loop in run.loops:
        if loop.strided is not None and loop.strided[0] == length and not loop.strided[1].taint.isdisjoint(other.taint):
            return replace(length, value=(length.number or 0) * (loop.strided[1].number or 1))
    name = next(iter(length.taint), "")
    batches = {f"len({loop.source})" for loop in run.loops}
    if BATCH_SIZE not in other.taint or not name.startswith("len(") or len(length.taint) > 1 or name in batches or length.index:
        return length
    return replace(length, value=(length.number or 0) * BATCH, taint=length.taint | {BATCH_SIZE})


def _samples_of_a_window(run: Run, length: Value, divisor: Value) -> Known | None:
    """N, where the data's length is held against N times what a micro-batch takes of it."""
    if not isinstance(length, Known) or length.index or not isinstance(divisor, Opaque):
        return None
    measured = any(name.startswith("len(") for name in length.taint)
    return Known(run.plan.size, frozenset({run.plan.window or ""}), 1) if measured and _multiplies_window(run, divisor) else None


def _whole_windows_of(run: Run, windows: Value, samples: Value) -> Known | None:
    """``len(data) // (size * N) * (size * N)``: as much of the data as makes whole windows."""
    if not isinstance(windows, Opaque) or not isinstance(samples, Opaque) or not _multiplies_window(run, samples):
        return None
    length = windows.id.removeprefix("(").removesuffix(f"//{samples.id})")
    if windows.id != f"({length}//{samples.id})" or not length.startswith("len("):
        return None
    plan = run.plan
    return Known(plan.length // plan.size * plan.size, frozenset({length, plan.window or ""}), None)


def in_windows(run: Run, number: Value) -> Known | None:
    """``number`` where it is N times others, as ``steps * N``: as many as the run has whole windows."""
    if not isinstance(number, Opaque) or not _multiplies_window(run, number):
        return None
    plan = run.plan
    return Known(plan.length // plan.size * plan.size, frozenset({number.id}), None)


def _multiplies_window(run: Run, setting: Opaque) -> bool:
    """Whether ``setting`` is the product of the window's and others."""
    product = setting.stable and not _OTHER_OPERATORS.search(setting.id)
    return product and run.plan.window != setting.id and run.plan.window in _FACTORS.findall(setting.id)


def _decayed(run: Run, value: Value, factor: Value) -> Value:
    """``value`` times ``factor``: a total of earlier turns that a constant weighs down is a moving average, and not a sum of losses."""
    constant = isinstance(factor, Known) or (isinstance(factor, Opaque) and factor.stable)
    if constant and isinstance(value, Opaque) and value.origins and run.turn not in value.origins:
        return value._replace(origins=frozenset())
    return value


def _whole_windows(run: Run) -> None:
    """An error is raised unless samples divide into windows: the data are no other length then."""
    if run.plan.length % run.plan.size:
        raise Infeasible


def _repeated(run: Run, items: Seq, times: Value) -> Value:
    from accumlint.simulate.streams import repeated

    stream = repeated(run, items.items, times)
    return stream if stream.count is None else Seq(tuple(map(stream.item, range(min(stream.count, _LONG)))), stream.taint)


def _shared(run: Run, op: str, left: Value, right: Value) -> Value | None:
    """A batch's size over a setting: a number of its own, which is the size of that many parts or the number of parts of that size."""
    if op not in ("//", "/") or not isinstance(left, Opaque) or left.id != BATCH_SIZE:
        return None
    if isinstance(right, Opaque) and right.id in run.shares:
        return run.shares[right.id]
    setting = right.stable if isinstance(right, Opaque) else isinstance(right, Known) and right.taint and not right.index
    if not setting or not isinstance(right, (Opaque, Known)):
        return None
    name = f"({BATCH_SIZE}//{right.id if isinstance(right, Opaque) else text_of(right)})"
    run.shares[name] = right
    return Opaque(name, weight=None, stable=True)


def _joined(left: Seq | Stream, right: Seq | Stream) -> Value:
    """Two lists, or sets, as one."""
    taint = left.taint | right.taint
    if isinstance(left, Seq) and isinstance(right, Seq):
        return Seq(left.items + right.items, taint)
    stream = left if isinstance(left, Stream) else right
    assert isinstance(stream, Stream)
    return replace(stream, count=None, taint=taint, bounds=None)


def _masked(run: Run, counter: Known, mask: Value) -> Value:
    """``counter & (N - 1)``: the remainder by N, which such code takes to be a power of two."""
    if isinstance(mask, Known) and isinstance(mask.value, int) and mask.taint == {str(mask.value)}:
        size: Value = run.literal(mask.value + 1, str(mask.value + 1))
    else:
        size = arithmetic(run, "+", mask, Known(1))
    return arithmetic(run, "%", counter, size) if isinstance(size, (Known, Opaque)) else Opaque(UNSEEN)


def _quotient(run: Run, op: str, a: Known, b: Known) -> Known | None:
    """One setting over another is a setting of its own, as in ``batch_size // micro_batch_size``."""
    if op != "//" or a.degree or b.degree or a.index or b.index or len(a.taint) != 1 or len(b.taint) != 1:
        return None
    (over,), (under,) = a.taint, b.taint
    number = Fraction(a.number or 0) / Fraction(b.number or 1)
    if over == under or over.startswith("len(") or over.isdigit() or number < 1:
        return None
    return run.literal(int(number), f"({over}//{under})")


def _numbers(op: str, a: Known, b: Known) -> Value:
    taint = a.taint | b.taint
    index = a.index or b.index
    x, y = a.number, b.number
    assert x is not None
    assert y is not None
    if op in ("/", "//", "%") and y == 0:
        return Opaque("?")
    if op == "**":
        if isinstance(y, int) and abs(y) < 64 and (x or y > 0):
            return Known(_plain(Fraction(x) ** y), taint, a.degree * y if a.degree is not None and b.degree == 0 else None, index)
        return Opaque("?", weight=None)
    if op not in _ARITHMETIC:
        return Opaque("?")
    return Known(_plain(_ARITHMETIC[op](Fraction(x) if op == "/" else x, y)), taint, _degree(op, a, b), index)


def _plain(value: Fraction | int) -> Fraction | int:
    return int(value) if value.denominator == 1 else value


def _degree(op: str, a: Known, b: Known) -> int | None:
    if a.degree is None or b.degree is None:
        return None
    if op == "*":
        return a.degree + b.degree
    if op == "/":
        return a.degree - b.degree
    return 0 if a.degree == b.degree == 0 else None


def _divided(op: str, left: Value, right: Value, made: Value) -> Value:
    """``made`` of ``left`` and ``right``, with what both of them and it were divided by, and the numbers among its factors."""
    if not isinstance(made, Opaque):
        return made
    made = made._replace(factors=_factors(op, left, right, made))
    if made.stable:
        return made
    found = NOTHING.union(*(part.divisors for part in (left, right) if isinstance(part, Opaque)))
    if op == "/" and isinstance(right, Known) and not right.index:
        found |= right.taint
    elif op == "/" and isinstance(right, Opaque) and right.stable:
        found |= {right.base if right.base and not right.offset else right.id}
    return made._replace(divisors=found)


def _factors(op: str, left: Value, right: Value, made: Opaque) -> frozenset[Fraction]:
    """The numbers, reckoned from settings, that are factors of ``left op right``: of a sum those that one of its terms has."""
    if op in ("+", "-"):
        terms = (left, right) if not made.stable else ()
        return frozenset[Fraction]().union(*(term.factors for term in terms if isinstance(term, Opaque)))
    if op not in ("*", "/"):
        return frozenset()
    others = _factors_of(right)
    return _factors_of(left) | (others if op == "*" else frozenset(1 / factor for factor in others))


def _factors_of(value: Value) -> frozenset[Fraction]:
    if isinstance(value, Opaque):
        return value.factors
    known = isinstance(value, Known) and value.taint and not value.index and value.number
    return frozenset({Fraction(known)}) if known else frozenset()


def _tensors(run: Run, op: str, left: Value, right: Value, a: Known | None, b: Known | None) -> Value:
    if isinstance(left, Opaque) and isinstance(right, Opaque) and a is None and b is None:
        if left.stable and right.stable:
            reach = left.reach | right.reach
            weight = _product(op, _constant(run, "*", left), _constant(run, op, right))
            return left._replace(id=_formula(left.id, op, right.id), reach=reach, kind=None, cls=None, weight=weight)
        return _combine(run, op, left, right)
    if isinstance(left, Opaque) and b is not None:
        if left.stable and not left.reach:
            made = left._replace(id=_formula(left.id, op, text_of(b)), kind=None, cls=None, weight=_scaled(run, op, left, b))
            if op in ("+", "-") and isinstance(b.value, int) and b.degree == 0:
                return made._replace(base=left.base or left.id, offset=left.offset + (b.value if op == "+" else -b.value))
            return made._replace(base="", offset=0)
        if op == "/" and left.summed and BATCH_SIZE in b.taint and left.weight is not None:
            return left.with_weight(left.weight.times(_but_for_samples(b), -1))._replace(summed=False)
        if op == "*" and _is_share(run, b):
            return left.with_weight(None)
        if op in ("*", "/") and left.weight is not None:
            return _summed_up(left, b) if op == "*" else left.with_weight(left.weight.times(b, -1))
        if op in ("+", "-"):
            return left._replace(stable=False, offset=left.offset + _shift(op, b))
        return left.with_weight(None if op in ("//", "%") else left.weight)
    if isinstance(right, Opaque) and a is not None:
        if right.stable and not right.reach:
            weight = _scaled(run, op, right, a) if op != "/" else None
            made = right._replace(id=_formula(text_of(a), op, right.id), kind=None, cls=None, weight=weight)
            if op == "+" and isinstance(a.value, int) and a.degree == 0:
                return made._replace(base=right.base or right.id, offset=right.offset + a.value)
            return made._replace(base="", offset=0)
        if op == "*" and right.weight is not None:
            return _summed_up(right, a)
        return right._replace(stable=False) if op in ("+", "-") else right.with_weight(None)
    return Opaque(
        "?",
        reach=flows_of(left, right),
        origins=run.origin,
        turn=run.turn,
        weight=_any_weight(left, right),
        wide=is_wide(left) or is_wide(right),
    )


def _is_share(run: Run, factor: Known) -> bool:
    """Whether a factor is a setting over a literal, as ``batch_size / 64`` is a micro-batch's share of a nominal batch: what that has to
    do with the window is up to who sets it."""
    literals = {name for name in factor.taint if name.isdigit()}
    settings = factor.taint - literals
    if factor.index or len(literals) != 1 or len(settings) != 1 or any(map(_CONSTANT_FACTOR.search, settings)):
        return False
    over = run.settings_default(*settings)
    return over is not None and factor.value == Fraction(over, int(*literals))


def _summed_up(loss: Opaque, factor: Known) -> Opaque:
    """``loss * factor``; a mean times the number of its samples is their sum."""
    assert loss.weight is not None
    if BATCH_SIZE in factor.taint:
        return loss.with_weight(loss.weight.times(_but_for_samples(factor), 1))._replace(summed=True)
    return loss.with_weight(loss.weight.times(factor, 1))


def _but_for_samples(factor: Known) -> Known:
    """What else is in a factor that the number of a micro-batch's samples is in."""
    return replace(factor, value=_plain(Fraction(factor.number or 0) / BATCH), taint=factor.taint - {BATCH_SIZE})


def _shift(op: str, number: Known) -> int:
    """What ``op number`` adds, where that is a whole number that does not hang on the window."""
    whole = number.value if isinstance(number.value, int) and number.degree == 0 else 0
    return whole if op == "+" else -whole


def _formula(left: str, op: str, right: str) -> str:
    """The name of a computed value; a long one, as a loop makes it, is abridged so that it cannot grow for ever."""
    made = f"({left}{op}{right})"
    return made if len(made) < _LONGEST_NAME else f"({zlib.crc32(made.encode()):x})"


def _any_weight(*values: Value) -> Weight | None:
    return ONE if any(isinstance(value, (Seq, Dict)) for value in values) else None


def text_of(known: Known) -> str:
    return "|".join(sorted(known.taint)) or str(known.value)


def _combine(run: Run, op: str, left: Opaque, right: Opaque) -> Opaque:
    """Two opaque values, at least one of which changes from turn to turn: tensors, or a tensor and a setting."""
    reach = left.reach | right.reach
    if op in ("+", "-"):
        weight = heavier(left, right)
        origins = (left.origins if left.reach else frozenset()) | (right.origins if right.reach else frozenset())
    elif right.stable or left.stable:
        tensor, setting = (left, right) if right.stable else (right, left)
        weight = _product(op, tensor.weight, _constant(run, op, setting)) if op == "*" or right is setting else None
        origins = tensor.origins
    elif op == "*":
        weight = _product(op, left.weight, right.weight)
        newest = max(left.turn, right.turn)  # what an earlier turn computed is a coefficient, and no term
        origins = NO_TURNS.union(*(side.origins for side in (left, right) if side.reach and side.turn == newest))
    else:
        counted = right.turn == run.turn and bool(right.origins)  # a count of this micro-batch's own samples makes a mean
        weight = left.weight.over(right.weight) if counted and left.reach and left.weight is not None else None
        summed = left.summed and not counted
        return Opaque("?", reach=reach, weight=weight, origins=left.origins, turn=run.turn, summed=summed, wide=left.wide)
    wide = left.wide or right.wide
    return Opaque("?", reach=reach, weight=weight, origins=origins, turn=run.turn, summed=left.summed or right.summed, wide=wide)


def _constant(run: Run, op: str, setting: Opaque) -> Weight | None:
    """The factor that a setting is which has nothing to do with the window but for what it was divided by; None for any other."""
    if setting.weight is None or setting.id.startswith("("):
        return setting.weight
    last = setting.id.rsplit(".", 1)[-1].lower()
    if op == "/":
        return ONE if counts_others(last) else None
    return ONE if op == "*" and (setting.id in run.coefficients or _CONSTANT_FACTOR.search(last)) else None


def _scaled(run: Run, op: str, setting: Opaque, number: Known) -> Weight | None:
    """The factor that a setting is when a number is added to it, or when it is multiplied or divided by that."""
    weight = _constant(run, "*", setting)
    if weight is None or op in ("+", "-"):
        return weight
    return weight.times(number, 1 if op == "*" else -1) if op in ("*", "/") else None


def _product(op: str, left: Weight | None, right: Weight | None) -> Weight | None:
    """The weight of ``left * right`` or ``left / right``: each factor's scale scales the whole. None for another operation."""
    if left is None or right is None or op not in ("*", "/"):
        return None
    return left.product(right) if op == "*" else left.over(right)


def heavier(left: Opaque, right: Opaque) -> Weight | None:
    """The weight of a sum of two losses of one micro-batch: the part that is scaled down least decides."""
    if left.weight is None or right.weight is None:
        known = left if left.weight is not None else right
        return known.weight if known.reach or not (left.reach or right.reach) else None
    if not right.reach and left.reach:
        return left.weight
    if not left.reach and right.reach:
        return right.weight
    return max(left.weight, right.weight, key=lambda weight: weight.degree if weight.degree is not None else -99)
