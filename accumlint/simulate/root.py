"""Runs a routine from its top: its parameters are unknown objects, its class is set up first, and it is called as often as training would."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from accumlint import skeleton as sk
from accumlint.effects import DEPOSIT, LOOP
from accumlint.ledger import Site
from accumlint.modules import FunctionEntry
from accumlint.project import Project
from accumlint.simulate import comprehensions, methods, statements  # noqa: F401  they say how each kind of node is run
from accumlint.simulate.block import execute
from accumlint.simulate.follow import bind, decorator, follow, unbound
from accumlint.simulate.run import Run
from accumlint.simulate.state import Enough, Frame, Loop, Plan
from accumlint.simulate.trace import Built, DataEnd, Hidden, by_name
from accumlint.simulate.values import NONE, Known, Opaque, Routine, Value
from accumlint.slicing import Slices

_INDEX = re.compile(
    r"^(batch_?idx|batch_?i|idx|i|it|iter|iteration|step|steps|global_step|n_iter|batch_num|batch_index|step_idx|cur_iter|itr|iter_num)$"
)
_EPOCH = re.compile(r"^((cur(rent)?|n)_?)?epoch(_?(idx|index|num|number|i))?$", re.IGNORECASE)
_LIGHTNING = ("training_step",)


@dataclass(slots=True)
class Root:
    """A routine that trains and is not called by another one in view, to be run with so many ``choices`` of flags at most. ``known`` are the runs
    that are remembered by what they assume, None where none are."""

    project: Project
    slices: Slices
    entry: FunctionEntry
    behaves: dict[str, set[str]]
    choices: int
    known: dict[object, tuple[Run, bool]] | None = None
    decisive: set[str] = field(default_factory=set)
    work: int = 0

    def run(self, plan: Plan, enough: Callable[[Run], bool] | None = None) -> tuple[Run, bool]:
        """One bounded run, left off as soon as it is ``enough``; tells too whether training has come to its end with it."""
        if self.known is None:
            return self._traced(plan, enough)
        key = (plan.key, enough is None)  # the run adds to its plan
        if key in self.known:
            self.work += self.known[key][0].work
        else:
            self.known[key] = self._traced(plan, enough)
        return self.known[key]

    def _traced(self, plan: Plan, enough: Callable[[Run], bool] | None) -> tuple[Run, bool]:
        run = Run(self.project, self.slices, plan, self.behaves, decisive=self.decisive, enough=enough)
        try:
            return self._run(run)
        except Enough:
            return run, False
        finally:
            self.work += run.work
            run.trace = [by_name(event, run.called) for event in run.trace]
            run.handed = {run.called.get(name, name) for name in run.handed}

    def _run(self, run: Run) -> tuple[Run, bool]:
        owner = self._owner(run)
        if self.slices.effects.trains_alone(self.entry):
            self._call(run, owner, _EPOCH, 0)
            if self._again(run):
                self._call(run, owner, _EPOCH, 1)
                return run, False
            return run, not run.open_ended
        self._calls(run, owner)
        return run, False

    def _again(self, run: Run) -> bool:
        """One pass over the data, of one epoch or with an optimizer from outside: the caller will call again, for the next epoch."""
        if any(_EPOCH.match(param.name) for param in self.entry.skeleton.params):
            return not run.endless
        built = any(isinstance(event, Built) for event in run.trace)
        passes = sum(isinstance(event, DataEnd) for event in run.trace)
        return not built and not run.endless and passes <= 1 and self.entry.name != "<module>"

    def _owner(self, run: Run) -> Opaque | None:
        """``self``, with what its constructor gives it."""
        cls = self.entry.owner
        if cls is None:
            return None
        owner = Opaque("self", alias=frozenset({"self"}), cls=cls, stable=True, leaf=False)
        init = cls.method("__init__")
        if init is not None and self.entry is not init:
            init = FunctionEntry(init.module, init.code, cls)
            frame = Frame(init, init.module, init.skeleton)
            args: list[tuple[str | None, Value]] = [
                (param.kind if param.kind == "**" else param.name, unbound(run, frame, param))
                for param in init.skeleton.params[1:]
                if param.kind != "*"
            ]
            follow(run, frame, Routine(init, owner=owner), args, "self")
            run.entered.pop(id(init), None)
            bindings = self.slices.effects.bindings
            own = bindings.of_method(self.entry)
            for name in bindings.of_class(cls).later:  # what is None at first need not stay so, nor what other methods say is so
                at_first = run.heap.get((owner.id, name))
                if at_first == NONE or (isinstance(at_first, Known) and at_first.value is False and name not in own):
                    del run.heap[owner.id, name]
        return owner

    def _call(self, run: Run, owner: Opaque | None, index: re.Pattern[str], number: int) -> None:
        """Call the routine once; a setting that it computes anew from itself is, at the next call, what it was at this one."""
        before = dict(run.heap)
        self._play(run, owner, index, number)
        for key in [key for key, value in run.heap.items() if _is_computed(value) and before.get(key) is not value]:
            del run.heap[key]
            if key in before:
                run.heap[key] = before[key]

    def _play(self, run: Run, owner: Opaque | None, index: re.Pattern[str], number: int) -> None:
        function = self.slices.of(self.entry)
        frame = Frame(self.entry, self.entry.module, function, owner=owner)
        bind(run, frame, function, [], owner if self.entry.owner is not None else None)
        for param in function.params:
            if index.match(param.name):
                frame.names[param.name] = Known(number, index=True)
        if function.decorators and decorator(run, frame, self.entry, function) is not None:
            run.trace.append(Hidden(None, "what its decorator does is not played"))
        if function.name == "<module>":
            run.scripts[self.entry.module.path] = frame
        run.entered[id(self.entry)] = self.entry
        run.stack.append(id(function))
        execute(run, frame, function.body)
        run.stack.pop()

    def _calls(self, run: Run, owner: Opaque | None) -> None:
        """The routine is one micro-batch's work: call it as a loop over the data would."""
        lightning = self.entry.name in _LIGHTNING
        for _ in range(run.plan.epochs if lightning else 1):
            windowed = LOOP in self.slices.effects.of_entry(self.entry)
            loop = Loop("outer" if windowed else "batch", DEPOSIT in self.slices.effects.of_entry(self.entry), lightning)
            self._hook(run, owner, "on_train_epoch_start")
            run.enter(loop)
            count = run.plan.length if lightning else 4 if windowed else 2 * run.plan.length
            for number in range(count):
                run.serial += 1
                loop.turns(run.serial)
                loop.number, loop.last = number, lightning and number == count - 1
                loop.skipped, loop.skipped_at = frozenset(), None
                self._call(run, owner, _INDEX, number)
            run.loops.pop()
            if lightning:
                self._hook(run, owner, "on_train_epoch_end")
                run.trace.append(DataEnd(_first_site(self.entry.skeleton)))

    def _hook(self, run: Run, owner: Opaque | None, name: str) -> None:
        cls = self.entry.owner
        method = cls.method(name) if cls is not None and self.entry.name in _LIGHTNING else None
        if method is not None:
            follow(run, Frame(method, method.module, method.skeleton), Routine(method, owner=owner), [], name)


def _is_computed(value: Value) -> bool:
    """Whether ``value`` is a number that was computed of settings."""
    if isinstance(value, Known):
        return not value.index and (len(value.taint) > 1 or any(name.startswith("(") for name in value.taint))
    return isinstance(value, Opaque) and value.stable and value.id.startswith("(")


def _first_site(function: sk.Function) -> Site:
    """Where the routine's first statement stands."""
    for node in function.walk():
        if isinstance(node, (sk.Do, sk.Assign, sk.AugAssign, sk.If, sk.For)):
            return node.site
    return Site(function.path, function.line, 1, function.line, 1)
