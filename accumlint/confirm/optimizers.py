"""Real torch optimizers and a real GradScaler over probes, with the learning rate at zero so that the probes stay where they are."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import torch

from accumlint.confirm.deposits import deposit, flows
from accumlint.confirm.roles import NAMED, NO_STEP
from accumlint.confirm.run import Run
from accumlint.confirm.standin import PLAIN, StandIn
from accumlint.confirm.tape import Probe, Purse

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_GENERIC = frozenset(
    {"optimizer", "optim", "opt", "self", "optimizers", "optims", "opts", "net", "model", "the", "module", "params"}
)


class Optimizer(torch.optim.SGD):  # type: ignore[misc,unused-ignore]
    """Whatever optimizer the program builds: torch's own ``step`` and ``zero_grad``, seen by the tape."""

    evaluations = 1
    """How often a step evaluates its closure, each time going on from the gradient that it leaves."""

    def __init__(self, run: Run, probes: Sequence[Any], name: str, algorithm: str = "") -> None:
        own = probes if probes is run.tape.all else [probe for probe in probes if isinstance(probe, Probe)]
        self.run = run
        self.purse = Purse(name, own, sensitive=algorithm == "SGD")
        super().__init__(own or [torch.nn.Parameter(torch.zeros(1))], lr=0.0)
        self.param_groups[0]["params"] = own
        if algorithm:
            self.defaults["lr"] = 1.0
            self.purse.built = True
        adopt(run, self.purse)

    def go_by(self, name: str) -> None:
        """Take a name; one that is built anew under an old name goes on with the old one's tape."""
        purses = self.run.tape.purses
        before = next((one for one in purses if one is not self.purse and one.name == name and one.built), None)
        if before is not None and {id(probe) for probe in before.probes} == {id(probe) for probe in self.purse.probes}:
            purses[:] = [one for one in purses if one is not self.purse]
            self.purse = before
        self.purse.name = name

    def zero_grad(self, set_to_none: bool = True) -> None:
        self.run.tape.clear(
            [self.purse], lambda: super(Optimizer, self).zero_grad(set_to_none=bool(set_to_none)), self.run.where.here()
        )

    def step(self, closure: Any = None) -> Any:
        if not callable(closure) or isinstance(closure, StandIn):
            self._spend()
            return None
        result = None
        for _ in range(self.evaluations):
            result = closure()
            self._spend()
        return result

    def _spend(self) -> None:
        for group in self.param_groups:
            group["lr"] = 0.0  # the program may have set it
        run = self.run
        run.tape.step(self.purse, run.where.here(), run.where.guards(), run.where.in_loop)
        super().step()

    def backward(self, loss: Any, *_: Any, **__: Any) -> None:
        deposit(self.run, loss)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or sys._getframe(1).f_code.co_filename not in self.run.where.files:
            raise AttributeError(name)  # torch itself asks for what may not be there
        return self.run.plain(f"{self.purse.name}.{name}")


def adopt(run: Run, purse: Purse) -> None:
    """Begin ``purse``'s tape with what lies in its probes already."""
    run.tape.purses.append(purse)
    run.tape.begin(purse)


def is_optimizer(run: Run, thing: Any) -> bool:
    """Whether a stand-in is used as an optimizer."""
    if isinstance(thing, Optimizer):
        return True
    if not isinstance(thing, StandIn) or thing._s_state != PLAIN:
        return False
    if id(thing) in run.promoted:
        return True
    name = thing._s_path.rsplit(".", 1)[-1]
    return (
        (bool(NAMED.search(name)) or thing._s_path in run.players.receivers)
        and not NO_STEP.search(name)
        and not NO_STEP.search(thing._s_made)
    )


def optimizer_of(run: Run, thing: Any) -> Optimizer:
    """The real optimizer behind a stand-in for one, made when it is first needed."""
    if isinstance(thing, Optimizer):
        return thing
    if id(thing) not in run.promoted:
        waiting = [one for one in run.waiting if one.purse.name == thing._s_path]
        if not waiting and len(run.waiting) == 1 and len(run.players.receivers) <= 1:
            waiting = run.waiting
        made = waiting[0] if waiting else Optimizer(run, _owned(run, thing._s_path), thing._s_path)
        run.promoted[id(thing)] = (thing, made)
    found: Optimizer = run.promoted[id(thing)][1]
    return found


def expect(run: Run, name: str) -> None:
    """An optimizer that comes from outside: it is there from the start, under the name that the program steps it by."""
    run.waiting.append(Optimizer(run, _owned(run, name), name))


def _owned(run: Run, name: str) -> Sequence[Probe]:
    """The probes that an optimizer from outside owns: all, or those whose holder's name is like its own."""
    if run.players.single:
        return [run.tape.probe("model")]
    if len(run.players.receivers) <= 1:
        return run.tape.all
    holders = holders_of(run, name)
    if not holders:
        run.opaque = f"it cannot be told which parameters `{name}` owns"
    return [run.tape.probe(holder) for holder in holders]


def holders_of(run: Run, name: str) -> list[str]:
    """The holders of parameters that go by a name like that of the optimizer ``name``, and by none more like another's."""
    mine = tokens(name)
    others = [tokens(other) for other in run.players.receivers if other != name]
    alike = ((holder, tokens(holder)) for holder in run.players.holders if mine and akin(mine, tokens(holder)))
    return [holder for holder, its in alike if not any(likeness(other, its) > likeness(mine, its) for other in others)]


def likeness(one: frozenset[str], other: frozenset[str]) -> tuple[int, int]:
    """How much two names have in common, and then how little they have not."""
    return len(one & other), -len(one ^ other)


def tokens(name: str) -> frozenset[str]:
    words = [word.lower() for part in re.split(r"[._\[\]]", name) for word in _WORD.findall(part)]
    return frozenset(word for word in words if word not in _GENERIC)


def akin(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names speak of the same thing: ``G`` of ``generator``, ``disc`` of ``discriminator``."""
    for a in one:
        for b in other:
            short, long = sorted((a, b), key=len)
            if (
                a == b
                or (len(short) == 1 and long.startswith(short) and len(long) > 3)
                or (len(short) >= 3 and long.startswith(short))
            ):
                return True
    return False


class Scaler:
    """A real `torch.amp.GradScaler` with a scale of 1: its order of calls is torch's, its factor is out of the way."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._real = torch.amp.GradScaler(torch.device(run.tape.device).type, init_scale=1.0)

    def scale(self, loss: Any) -> Any:
        if isinstance(loss, list | tuple):
            return type(loss)(self.scale(one) for one in loss)
        tensor = flows(self._run, loss)
        if tensor is None:
            return loss
        path = loss._s_path if isinstance(loss, StandIn) else "loss"
        scaled: Any = self._real.scale(tensor)
        return self._run.carrying(scaled, f"scaler.scale({path})", isinstance(loss, StandIn) and loss._s_vague)

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        real = optimizer_of(self._run, optimizer)
        marks = len(real.purse.marks)
        self._tried(lambda: self._real.step(real))
        if len(real.purse.marks) == marks:  # nothing to unscale, or unscaled twice: torch refuses
            real.step()

    def unscale_(self, optimizer: Any) -> None:
        self._tried(lambda: self._real.unscale_(optimizer_of(self._run, optimizer)))

    def update(self, *_: Any) -> None:
        self._tried(self._real.update)

    def _tried(self, call: Callable[[], Any]) -> None:
        try:
            call()
        except (AssertionError, RuntimeError) as error:
            self._run.failures.append(f"the scaler refused: {error}")

    def __call__(self, loss: Any, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """The fused call of timm and MAE: backward, and a step unless it is told not to."""
        deposit(self._run, loss)
        told = next((kwargs[name] for name in ("update_grad", "need_update", "update") if name in kwargs), True)
        if self._run.truth(told):
            optimizer_of(self._run, optimizer).step()
        return self._run.data("the gradients' norm")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._run.plain(f"scaler.{name}")
