"""What is known of a value that is one of two: what an ``if`` leaves behind."""

from __future__ import annotations

from dataclasses import replace

from accumlint.calls import Kind, is_optimizer
from accumlint.simulate.values import (
    NONE,
    Bound,
    Dict,
    Either,
    Known,
    Namespace,
    Opaque,
    Routine,
    Seq,
    Stream,
    Value,
    Weight,
    flows_of,
)


def _is_nothing(weight: Weight | None) -> bool:
    """Whether a loss is multiplied by zero."""
    return weight is not None and weight.value == 0


def _either(left: Weight | None, right: Weight | None) -> Weight | None:
    """The weight of a loss that has one of two. Constant factors do not matter; a loss times zero deposits nothing, so that the
    other weight counts."""
    if left is None or right is None:
        return None
    if _is_nothing(left) or _is_nothing(right):
        return left if _is_nothing(right) else right
    same = left.degree == right.degree and left.degree is not None
    return replace(left, by=left.by | right.by) if same or left == right else None


def _options(value: Value) -> tuple[Value, ...]:
    return value.options if isinstance(value, Either) else (value,)


def _replaced(optimizer: Opaque, anew: Opaque) -> Opaque:
    """An optimizer that may have been made ``anew`` in this turn: what it spends and clears are the same parameters' gradients."""
    return optimizer._replace(alias=optimizer.alias | anew.alias)


def are_numbers(left: Value, right: Value) -> bool:
    """Whether two values are whole numbers that a user sets, one instead of the other: literals over 0, or reckoned of such."""
    numbers = [one.value for one in (left, right) if isinstance(one, Known) and type(one.value) is int and _is_literal(one)]
    return len(numbers) == 2 and min(numbers) > 0 and numbers[0] != numbers[1]


def _is_literal(number: Known) -> bool:
    """Whether ``number`` hangs on no setting that has a name."""
    return all(map(str.isdigit, number.taint))


def join(left: Value, right: Value) -> Value:
    """What is known of a value that is ``left`` or ``right``."""
    if left is right or left == right:
        return left
    for one, other in ((left, right), (right, left)):
        if one == NONE and isinstance(other, Opaque):
            return other._replace(optional=True)
    if any(isinstance(value, (Routine, Bound, Either)) for value in (left, right)) and right != NONE != left:
        known = _options(left)
        return Either((*known, *(option for option in _options(right) if option not in known)))
    if isinstance(left, Opaque) and isinstance(right, Opaque):
        if left.kind is right.kind is Kind.OPTIMIZER and left.stable is not right.stable:
            return _replaced(left, right) if left.stable else _replaced(right, left)
        same = left.id == right.id
        return Opaque(
            left.id if same or left.stable else "?",
            alias=left.alias | right.alias,
            reach=left.reach | right.reach,
            weight=_either(left.weight, right.weight),
            origins=left.origins & right.origins or max(left, right, key=lambda value: value.turn).origins,
            kind=left.kind if left.kind is right.kind else left.kind or right.kind,
            cls=left.cls if left.cls is right.cls else None,
            stable=left.stable and right.stable,
            turn=max(left.turn, right.turn),
            summed=any(way.summed and not _is_nothing(way.weight) for way in (left, right)),
        )
    if isinstance(left, Opaque) or isinstance(right, Opaque):
        opaque, other = (left, right) if isinstance(left, Opaque) else (right, left)
        assert isinstance(opaque, Opaque)
        loss = isinstance(other, Known) and bool(opaque.reach) and not opaque.stable  # a plain number deposits nothing
        made = opaque._replace(weight=opaque.weight if loss else None, stable=False)
        number = other.value if isinstance(other, Known) and not other.taint else None
        return made._replace(base="", offset=number, resumed=True) if type(number) is int else made
    if isinstance(left, Stream):
        return left
    if isinstance(left, Namespace) and isinstance(right, Namespace) and is_optimizer(left.dotted) and is_optimizer(right.dotted):
        return left  # which algorithm it is does not matter
    if isinstance(left, Seq) and isinstance(right, Seq):
        longer = max(left.items, right.items, key=len)  # of a list that grows in one of two ways, what it may hold
        both = [join(a, b) for a, b in zip(left.items, right.items, strict=False)]
        return Seq((*both, *longer[len(both) :]), left.taint | right.taint, left.open or right.open)
    if isinstance(left, Dict) and isinstance(right, Dict):
        rests = [one.rest for one in (left, right) if one.rest is not None]
        shared = {key: join(left.items[key], right.items[key]) for key in left.items.keys() & right.items.keys()}
        return Dict({**left.items, **right.items, **shared}, join(rests[0], rests[-1]) if rests else None)
    return Opaque("?", reach=flows_of(left, right))
