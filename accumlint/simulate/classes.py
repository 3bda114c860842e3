"""The project's classes: what an object of one is to gradients."""

from __future__ import annotations

import re
from functools import lru_cache

from accumlint.calls import CONSTRUCTORS, OPTIMIZERS, Kind
from accumlint.modules import ClassEntry, Module
from accumlint.simulate.values import Opaque

MODULE_BASES = frozenset({"Module", "LightningModule", "PreTrainedModel", "Sequential", "ModuleList"})
_SCHEDULER = re.compile(r"Scheduler$|LR$|Restarts$|^get_.*schedule|^ReduceLROnPlateau|Warmup")
_OWN_WAY = re.compile(
    r"def zero_grad|zero_grad\(|\.grad = None|grad\.zero_|grad\.data\.zero_|accum|def (first|second)_step|def backward"
)
_NO_CLASS = frozenset({"None", "Optional", "Union"})


@lru_cache(4096)
def is_scheduler(name: str) -> bool:
    """Whether a class or function of that name makes a scheduler."""
    return _SCHEDULER.search(name) is not None


def kind_of_class(entry: ClassEntry) -> Kind | None:
    """What an object of ``entry`` is, by the classes that it inherits from; None for an object of the project's own making."""
    bases = entry.foreign_bases | {entry.name}
    if any(base in OPTIMIZERS or base == "Optimizer" for base in bases):
        return Kind.WRAPPED_OPTIMIZER if _changes_gradients(entry) else Kind.OPTIMIZER
    steps = not entry.is_plain or entry.method("step") is not None
    if steps and any(is_scheduler(base) or base == "_LRScheduler" for base in bases):
        return Kind.SCHEDULER
    if bases & MODULE_BASES:
        return Kind.MODULE
    if "GradScaler" in bases:
        return Kind.SCALER
    return Kind.FUSED_SCALER if CONSTRUCTORS.get(entry.name) is Kind.FUSED_SCALER else None


def as_object(value: Opaque, entry: ClassEntry) -> Opaque:
    """``value`` as an object of ``entry``, whose methods say what it does unless the table of calls does."""
    kind = kind_of_class(entry)
    return value._replace(kind=kind, cls=entry if kind in (None, Kind.MODULE, Kind.FUSED_SCALER) else None)


def annotated(module: Module, annotation: str) -> ClassEntry | None:
    """The project's class that ``annotation`` names in ``module``: ``Trainer``, ``"Trainer"``, ``Optional[Trainer]``."""
    names = [name for name in re.findall(r"[A-Za-z_][\w.]*", annotation) if name.rsplit(".", 1)[-1] not in _NO_CLASS]
    found = module.resolve(names[0]) if len(names) == 1 else None
    return found if isinstance(found, ClassEntry) else None


def _changes_gradients(entry: ClassEntry) -> bool:
    """Whether an optimizer class of the project may clear, keep or wrap gradients in a way of its own."""
    init = entry.method("__init__")
    params = init.skeleton.params if init is not None else ()
    wraps = any(param.annotation.endswith("Optimizer") or param.name in ("optimizer", "base_optimizer") for param in params)
    return wraps or any(_OWN_WAY.search(method.source) for cls in entry.lineage for method in cls.methods.values())
