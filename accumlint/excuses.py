"""Reasons to keep silent on a violation that stands: what may be meant, and what may be done where no run looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from accumlint.bindings import bound_attributes
from accumlint.callees import targets
from accumlint.calls import FUNCTIONS, METHODS, Kind, is_harmless, kind_of_name
from accumlint.elsewhere import may_be_cleared, may_be_given_a_clear
from accumlint.ledger import Deposit, EpochEnd, Erase, Ledger, Site, Spend
from accumlint.modules import ClassEntry, FunctionEntry, Module
from accumlint.outline import DEPOSITS
from accumlint.rules import Violation
from accumlint.simulate.explore import Exploration
from accumlint.skeleton import Attr, Bin, Call, Const, Do, Expr, Name, dotted
from accumlint.tally import SPENDS_NOTHING

# Tests compare gradients, step twice and clear nothing on purpose.
_LOUD_IN_TESTS = frozenset({"ACC001", "ACC005", "ACC012", "ACC017"})
_TEST_FILE = re.compile(r"(^|[/\\])(test_[^/\\]*|[^/\\]*_test|conftest)\.py$")

_READS = re.compile(r"(?<!autograd)\.(get_)?(flat_)?grads?\b(?!\s*(=\s*None|is\b|=\s*$)|(\.data)?\.(zero|detach)_)", re.MULTILINE)

# Loops without data are timed, or watched.
_MEASURES = re.compile(
    r"perf_counter|\btime\(|monotonic|synchronize|[Tt]imer|timeit|profil|bench|memory|lr\s*=\s*0(\.0*)?(?![\d.])", re.IGNORECASE
)

_STEPS = re.compile(r"step|optimi[sz]e(?!rs?$)|update_|apply|hook|train_")


def is_excused(
    optimizer: str, violation: Violation, ledger: Ledger, entry: FunctionEntry, exploration: Exploration, *, implicit: bool
) -> bool:
    """Whether a violation in the books of ``optimizer`` is not told.

    ``implicit`` marks a routine without a loop of its own: what its unknown caller clears or steps cannot be seen.
    """
    return (
        not _speaks(violation, ledger, entry)
        or (violation.code == "ACC001" and _clears_unseen(optimizer, violation, ledger, entry, exploration))
        or (violation.code == "ACC016" and _counts_parts(violation, ledger, exploration))
        or (violation.code == "ACC017" and _is_no_training(optimizer, ledger, entry, exploration))
        or (violation.code == "ACC012" and _spent_beside(optimizer, violation, exploration))
        or (violation.code in SPENDS_NOTHING and _may_be_filled(violation.site, ledger, _ran(entry, exploration)))
        or (_is_guess(violation, ledger, exploration) and not _for_one_optimizer(optimizer, violation, entry, exploration))
        or (implicit and _up_to_the_caller(optimizer, violation.code, entry, exploration))
    )


def _speaks(violation: Violation, ledger: Ledger, entry: FunctionEntry) -> bool:
    """Whether a user would thank for this finding: tests play with gradients."""
    in_test = entry.name.startswith("test_") or _TEST_FILE.search(entry.module.path) is not None
    if in_test and violation.site.path != entry.module.path:
        return False
    return not in_test or violation.code not in _LOUD_IN_TESTS or _trains_in_earnest(ledger)


def _trains_in_earnest(ledger: Ledger) -> bool:
    """Whether a test's loop clears and steps again and again, as training does."""
    erased = sum(bool(erase.lost) for erase in ledger.entries if isinstance(erase, Erase))
    return erased > 1 and sum(bool(spend.fresh) for spend in ledger.spends) > 1


def _is_guess(violation: Violation, ledger: Ledger, exploration: Exploration) -> bool:
    """Whether gradients are erased where nothing but the erasing itself says that they belong to a window."""
    window = exploration.window
    return violation.code == "ACC002" and (ledger.declared is None or (window is not None and window.origin == "cleared"))


def _for_one_optimizer(optimizer: str, violation: Violation, entry: FunctionEntry, exploration: Exploration) -> bool:
    """Whether the gradients that are erased are there for the steps of one optimizer: nobody reads them, they reach no other's, and no
    other one steps on what else their backward has given."""
    lost = {related.site for related in violation.related[:-1]}
    judged: set[str] = set()
    fed: set[str] = set()
    for ledger in (
        ledger for runs in exploration.ledgers.values() for books in runs for variants in books for ledger in variants
    ):
        judged.add(ledger.optimizer)
        if any(deposit.site in lost for deposit in ledger.deposits):
            fed.add(ledger.optimizer)
    others = (exploration.built | exploration.handed) - judged
    for site in lost:
        others |= exploration.served.get(site, set()) - {optimizer}
    return len(fed) == 1 and not others and not any(_READS.search(one.source) for one in _ran(entry, exploration))


def _counts_parts(violation: Violation, ledger: Ledger, exploration: Exploration) -> bool:
    """Whether a window seems to hold another number of micro-batches because several may be parts of one: a loop inside the one that
    counts deposits them, or the window is a loop that runs more than once before the step."""
    step, size, window = violation.related[-1].site, ledger.scenario.window or 1, exploration.window
    if window is None or window.origin != "inner":
        return step in exploration.deep - exploration.level
    held = max((len({share.turn for share in spend.fresh}) for spend in ledger.spends if spend.site == step), default=0)
    return held > size and held % size == 0


def _clears_unseen(optimizer: str, violation: Violation, ledger: Ledger, entry: FunctionEntry, exploration: Exploration) -> bool:
    """Whether nothing clears in the run, though a clear is written that no run explains, perhaps by who computes the loss and
    is handed the network."""
    if any(True for _ in ledger.erases):
        return False
    lent = any((related.site, optimizer) in exploration.lent for related in violation.related)
    return (lent and may_be_given_a_clear(entry)) or may_be_cleared(violation.site, _ran(entry, exploration))


def _spent_beside(optimizer: str, violation: Violation, exploration: Exploration) -> bool:
    """Whether all that is erased was spent by another optimizer, whatever that holds: one of the same parameters."""
    lost = {related.site for related in violation.related[:-1]}
    spent: set[Site] = set()
    for variants in (variants for runs in exploration.ledgers.values() for books in runs for variants in books):
        if variants and variants[0].optimizer != optimizer:
            spent |= set.intersection(*({share.site for spend in one.spends for share in spend.fresh} for one in variants))
    return lost <= spent


def _ran(entry: FunctionEntry, exploration: Exploration) -> list[FunctionEntry]:
    """``entry`` and the other routines that its runs came through."""
    return [entry, *(other for other in exploration.entered.values() if other is not entry)]


def _may_be_filled(site: Site, ledger: Ledger, ran: list[FunctionEntry]) -> bool:
    """Whether a call that nothing is known of stands between a clear and the step that finds no gradient: it may run the backward."""
    cleared: Site | None = None
    for event in ledger.entries:
        if isinstance(event, Erase):
            cleared = event.site
        elif isinstance(event, Deposit):
            cleared = None
        elif isinstance(event, Spend) and cleared is not None and not event.row and site in (event.site, cleared):
            return any(map(_acts_unseen, _calls_between(cleared, event.site, ran)))
    return False


def _calls_between(first: Site, last: Site, ran: list[FunctionEntry]) -> Iterator[Call]:
    """The calls made for what they do, their results dropped, by the routines that ran; of known routines none."""
    names = {entry.name for entry in ran}
    made = (
        node.value for entry in ran for node in entry.skeleton.walk() if isinstance(node, Do) and isinstance(node.value, Call)
    )
    for call in made:
        between = call.site.path == first.path and first.line < call.site.line < last.line
        if between and (dotted(call.func) or "").rpartition(".")[2] not in names:
            yield call


def _acts_unseen(call: Call) -> bool:
    """Whether nothing is known of a call that is given something, or is a method of the object's own."""
    name = dotted(call.func) or ""
    owner, _, last = name.rpartition(".")
    known = is_harmless(last) or owner.partition(".")[0] == "torch" or (kind_of_name(owner), last) in METHODS or name in FUNCTIONS
    return not known and (owner == "self" or any(not isinstance(arg.value, Const) for arg in call.args))


def _is_no_training(optimizer: str, ledger: Ledger, entry: FunctionEntry, exploration: Exploration) -> bool:
    """Whether nobody need step here: the gradients are read or measured, or something else may step."""
    ran = _ran(entry, exploration)
    if any(_READS.search(one.source) for one in ran) or optimizer in exploration.handed:
        return True
    built = optimizer in exploration.built
    meant = built or ledger.declared is not None
    data = any(isinstance(end, EpochEnd) and end.data for end in ledger.entries)
    if not data and (not meant or any(_MEASURES.search(one.source) for one in ran)):
        return True
    return _stepped_elsewhere(optimizer, entry.module, exploration) or (not built and any(_may_step(one, ran) for one in ran))


def _stepped_elsewhere(optimizer: str, module: Module, exploration: Exploration) -> bool:
    """Whether the module's text steps the optimizer after all, in a place that no run came to."""
    last = re.escape(re.split(r"[.\[]", optimizer.split("'")[0])[-1])
    if optimizer.startswith("@") or optimizer.endswith("]"):  # one without a name of its own, as an item of a dict
        steps = [step for step in re.finditer(r"([\w.]+|\])\.step\(", module.text) if kind_of_name(step[1]) is not Kind.SCHEDULER]
    else:
        steps = list(re.finditer(rf"\b{last}\.step\(|\.step\(\s*(self\.)?{last}\b", module.text))
    known = {site.line for runs in exploration.ledgers.values() for books in runs for one in books for site in _spent(one)}
    return not {module.text.count("\n", 0, step.start()) + 1 for step in steps} <= known


def _may_step(entry: FunctionEntry, ran: list[FunctionEntry]) -> bool:
    """Whether a routine calls anything, but for those of ``ran``, that may step an optimizer which others may have too, or that is
    handed a whole network."""
    followed = {id(one.code) for one in ran}
    calls = [node for node in entry.skeleton.walk() if isinstance(node, Call)]
    networks = {call.func.id for call in calls if isinstance(call.func, Name)}
    for call in calls:
        owner, _, name = (dotted(call.func) or "").rpartition(".")
        if followed.intersection(id(target.code) for target in targets(dotted(call.func) or "", entry)):
            continue
        if _STEPS.search(name) and kind_of_name(owner) is not Kind.SCHEDULER:
            return True
        if not is_harmless(name) and any(isinstance(arg.value, Name) and arg.value.id in networks for arg in call.args):
            return True
    return False


def _spent(variants: list[Ledger]) -> Iterator[Site]:
    return (spend.site for ledger in variants for spend in ledger.spends)


def _up_to_the_caller(optimizer: str, code: str, entry: FunctionEntry, exploration: Exploration) -> bool:
    """Whether what ``entry`` lacks may be done by its unknown caller."""
    return code == "ACC017" or (code == "ACC001" and not _alone_responsible(optimizer, entry, exploration))


def _alone_responsible(optimizer: str, entry: FunctionEntry, exploration: Exploration) -> bool:
    """Whether nobody but ``entry`` and what it calls can clear ``optimizer``: its class made it, no other method of the class or of one
    that inherits from it clears anything, nor does a caller in sight, and the loss is not given by one."""
    cls = entry.owner
    if cls is None or not optimizer.startswith("self.") or not _makes(cls, optimizer.split(".")[1]):
        return False
    if cls.foreign_bases - {"object", "ABC", "Module"} or _is_given_its_loss(entry):
        return False
    heirs = {heir for heir in cls.module.classes.values() if cls in heir.lineage[1:]} | {*cls.module.project.heirs(cls)}
    others = [*_live(cls), *(method for heir in heirs for method in heir.methods.values())]
    others += [caller for caller in cls.module.entries() if any(name.endswith(f".{entry.name}") for name in caller.calls)]
    return not any("clear" in other.effects for other in others if id(other) not in exploration.entered)


def _is_given_its_loss(entry: FunctionEntry) -> bool:
    """Whether ``entry`` runs backward on what it was given: who has computed the loss may have cleared before."""
    given = {param.name for param in entry.skeleton.params} - {"self"}
    for node in entry.skeleton.walk():
        match node:
            case Call(func=Attr(value=owner, attr=method)) if method in DEPOSITS:
                if any(name in given for part in (owner, *_args(node)) for name in _losses(part)):
                    return True
    return False


def _losses(expr: Expr) -> Iterator[str]:
    """The names that a loss goes by in ``expr``: in a sum, a product, what is scaled, or is what a method of it gives."""
    match expr:
        case Name(name):
            yield name
        case Bin():
            yield from (*_losses(expr.left), *_losses(expr.right))
        case Call(func=Attr(attr="scale")):
            yield from (name for part in _args(expr) for name in _losses(part))
        case Call(func=Attr(value=owner)):
            yield from _losses(owner)


def _args(call: Call) -> list[Expr]:
    return [arg.value for arg in call.args]


def _live(cls: ClassEntry) -> Iterator[FunctionEntry]:
    """The methods that an object of the class can run: an override takes the place of what it overrides, unless that is called."""
    methods = [(name, method) for part in cls.lineage for name, method in part.methods.items()]
    called = {name for _, method in methods for name in method.calls}
    for name, method in methods:
        runs = cls.method(name)
        above = {f"super.{name}", *(f"{part.name}.{name}" for part in cls.lineage)}
        if runs is None or runs.code is method.code or not called.isdisjoint(above):
            yield method


def _makes(cls: ClassEntry, attribute: str) -> bool:
    """Whether a method of the class gives it the attribute."""
    bound = re.compile(rf"\bself\.{re.escape(attribute)}\s*(?::[^=\n]+|,[^=\n]*)?=(?!=)")
    own = attribute.partition("[")[0]
    said = (method for entry in cls.lineage for method in entry.methods.values() if bound.search(method.source))
    return any(name == own for method in said for name, _ in bound_attributes(method))
