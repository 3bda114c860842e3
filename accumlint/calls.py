"""What each call means for gradients: one table of typed data.

A row says that a method, called on an object of some kind, has some effect. Kinds come from constructors that were seen, else from
annotations and names. A call that no row speaks of has no effect on gradients, unless it is handed an optimizer (see `is_harmless`).
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple


class Kind(Enum):
    """What an object is, as far as gradients go."""

    __hash__ = object.__hash__  # an enumeration's own is written in Python

    OPTIMIZER = auto()
    WRAPPED_OPTIMIZER = auto()  # an optimizer whose own step or clear does more than torch's: judged opaque
    SCALER = auto()  # torch.amp.GradScaler and its kin
    FUSED_SCALER = auto()  # timm's loss_scaler(loss, optimizer, ...): backward, and step when told to
    ACCELERATOR = auto()
    ACCUMULATION = auto()  # what tells an accelerator its window
    FABRIC = auto()
    BOOSTER = auto()  # ColossalAI's: it scales nothing, and its optimizers step and clear as torch's do
    ENGINE = auto()  # DeepSpeed: clears, scales and counts by itself
    MODULE = auto()
    PARAMETERS = auto()
    PARAMETER = auto()
    GRADIENT = auto()
    SCHEDULER = auto()
    LOADER = auto()
    CONTEXT = auto()


class Effect(Enum):
    """What a call does to gradients."""

    BACKWARD = auto()  # the receiver is the loss
    BACKWARD_ARGUMENT = auto()  # the first argument is the loss
    BACKWARD_AVERAGED = auto()  # accelerate: divides the first argument by N
    STEP = auto()
    STEP_ARGUMENT = auto()  # the first argument is the optimizer
    CLEAR = auto()
    SCALED_LOSS = auto()  # returns its first argument; the factor is undone before the step
    OPAQUE_STEP = auto()  # a step of its own kind: nothing is said about this optimizer
    OPAQUE_BACKWARD = auto()
    ACCUMULATE = auto()  # accelerate's context manager
    FREEZE = auto()
    DETACH = auto()
    SAME = auto()  # returns its receiver
    SUM = auto()
    NUMBER = auto()  # leaves the graph, as .item() does
    PARAMETERS = auto()
    PREPARE = auto()
    BOOST = auto()  # as PREPARE, with a place for each of five things
    OPTIMIZERS = auto()  # Lightning's self.optimizers()
    CLIP = auto()
    HOOK = auto()  # a function of the user's sees every gradient and may change it


METHODS: dict[tuple[Kind | None, str], Effect] = {
    # any receiver
    (None, "backward"): Effect.BACKWARD,
    (None, "manual_backward"): Effect.BACKWARD_ARGUMENT,
    (None, "detach"): Effect.DETACH,
    (None, "detach_"): Effect.DETACH,
    (None, "item"): Effect.NUMBER,
    (None, "tolist"): Effect.NUMBER,
    (None, "numpy"): Effect.NUMBER,
    (None, "sum"): Effect.SUM,
    (None, "mean"): Effect.SAME,
    (None, "to"): Effect.SAME,
    (None, "cuda"): Effect.SAME,
    (None, "cpu"): Effect.SAME,
    (None, "float"): Effect.SAME,
    (None, "double"): Effect.SAME,
    (None, "half"): Effect.SAME,
    (None, "bfloat16"): Effect.SAME,
    (None, "contiguous"): Effect.SAME,
    (None, "clone"): Effect.SAME,
    (None, "squeeze"): Effect.SAME,
    (None, "unsqueeze"): Effect.SAME,
    (None, "view"): Effect.SAME,
    (None, "reshape"): Effect.SAME,
    (None, "requires_grad_"): Effect.FREEZE,
    (None, "parameters"): Effect.PARAMETERS,
    (None, "named_parameters"): Effect.PARAMETERS,
    (None, "trainable_parameters"): Effect.PARAMETERS,
    **dict.fromkeys([(None, name) for name in ("modules", "named_modules", "children", "named_children")], Effect.PARAMETERS),
    (None, "optimizers"): Effect.OPTIMIZERS,
    (None, "scale"): Effect.SCALED_LOSS,
    (None, "zero_grad"): Effect.CLEAR,
    (Kind.ACCELERATOR, "accumulate"): Effect.ACCUMULATE,
    (None, "register_hook"): Effect.HOOK,
    (Kind.PARAMETER, "register_post_accumulate_grad_hook"): Effect.HOOK,
    (Kind.MODULE, "register_full_backward_hook"): Effect.HOOK,
    (None, "register_comm_hook"): Effect.HOOK,
    # torch.optim
    (Kind.OPTIMIZER, "step"): Effect.STEP,
    (Kind.OPTIMIZER, "backward"): Effect.BACKWARD_ARGUMENT,
    (Kind.OPTIMIZER, "first_step"): Effect.OPAQUE_STEP,
    (Kind.OPTIMIZER, "second_step"): Effect.OPAQUE_STEP,
    (Kind.OPTIMIZER, "virtual_step"): Effect.OPAQUE_STEP,
    (Kind.OPTIMIZER, "update_params"): Effect.OPAQUE_STEP,
    (Kind.OPTIMIZER, "train"): Effect.SAME,
    (Kind.WRAPPED_OPTIMIZER, "step"): Effect.OPAQUE_STEP,
    (Kind.WRAPPED_OPTIMIZER, "backward"): Effect.OPAQUE_BACKWARD,
    (Kind.WRAPPED_OPTIMIZER, "update_params"): Effect.OPAQUE_STEP,
    # modules
    (Kind.MODULE, "train"): Effect.SAME,
    (Kind.MODULE, "eval"): Effect.SAME,
    (Kind.MODULE, "step"): Effect.OPAQUE_STEP,
    # GradScaler
    (Kind.SCALER, "step"): Effect.STEP_ARGUMENT,
    # accelerate
    (Kind.ACCELERATOR, "backward"): Effect.BACKWARD_AVERAGED,
    (Kind.ACCELERATOR, "prepare"): Effect.PREPARE,
    (Kind.ACCELERATOR, "clip_grad_norm_"): Effect.CLIP,
    (Kind.ACCELERATOR, "clip_grad_value_"): Effect.CLIP,
    # Fabric
    (Kind.FABRIC, "backward"): Effect.BACKWARD_ARGUMENT,
    (Kind.FABRIC, "setup"): Effect.PREPARE,
    (Kind.FABRIC, "setup_module"): Effect.PREPARE,
    (Kind.FABRIC, "setup_optimizers"): Effect.PREPARE,
    (Kind.FABRIC, "setup_dataloaders"): Effect.PREPARE,
    (Kind.FABRIC, "clip_gradients"): Effect.CLIP,
    # ColossalAI
    (Kind.BOOSTER, "backward"): Effect.BACKWARD_ARGUMENT,
    (Kind.BOOSTER, "boost"): Effect.BOOST,
    # DeepSpeed
    (Kind.ENGINE, "backward"): Effect.OPAQUE_BACKWARD,
    (Kind.ENGINE, "step"): Effect.OPAQUE_STEP,
    (Kind.ENGINE, "zero_grad"): Effect.SAME,
}

# Methods of tensors that leave a parameter a thing of its own, in which no micro-batch's data are.
MATHS = frozenset("abs clamp clip exp expm1 log log1p neg norm pow relu sigmoid softmax softplus sqrt square tanh".split())

# Functions, by the last parts of their dotted name.
FUNCTIONS: dict[str, Effect] = {
    "autograd.backward": Effect.BACKWARD_ARGUMENT,
    "amp.scale_loss": Effect.SCALED_LOSS,
    "scale_loss": Effect.SCALED_LOSS,
    "xm.optimizer_step": Effect.STEP_ARGUMENT,
    "xla_model.optimizer_step": Effect.STEP_ARGUMENT,
    "clip_grad_norm_": Effect.CLIP,
    "clip_grad_norm": Effect.CLIP,
    "clip_grad_value_": Effect.CLIP,
    "set_requires_grad": Effect.FREEZE,
}


@lru_cache(4096)
def effect_of(dotted: str) -> Effect | None:
    """What a function of another library does, by its dotted name."""
    return next((effect for suffix, effect in FUNCTIONS.items() if f".{dotted}".endswith(f".{suffix}")), None)


OPTIMIZERS = frozenset(
    "SGD Adam AdamW RMSprop Adagrad Adadelta Adamax NAdam RAdam ASGD Rprop LBFGS SparseAdam Adafactor Lamb LAMB Lion Muon "
    "FusedAdam FusedLAMB FusedSGD FusedLion AdaBelief Ranger AdamW8bit Adam8bit PagedAdamW8bit Lion8bit NovoGrad Nadam AdamP SGDP "
    "BertAdam AdaBound RAdamW DeepSpeedCPUAdam CPUAdam ZeroRedundancyOptimizer".split()
)  # fmt: skip

# Classes of other libraries that are named after an algorithm.
OPTIMIZER_CLASS = re.compile(
    r"^(?!Local|Async|Sparse_).*(Adam|SGD|RMSprop|Lamb|LAMB|LARS|Lion|Adafactor|Adagrad|Adan|Novograd|Ranger|Shampoo|Sophia)(W|P|8bit|Wr)?$"
)


# Packages of optimizers, each class of which is one unless its name says otherwise.
_OPTIMIZER_PACKAGE = re.compile(
    r"^(torch_optimizer|pytorch_optimizer|timm\.optim|apex\.optimizers|bitsandbytes\.optim|schedulefree|prodigyopt|dadaptation|lion_pytorch|"
    r"adabelief_pytorch|ranger_adabelief|adamp|madgrad|optimi|heavyball|came_pytorch)\.(\w+\.)*(?=[A-Z])(?!\w*(Scheduler|LR$|Loss|Warm|Restarts))"
)

ANY_OPTIMIZER = "torch.optim.Optimizer"  # a class of torch.optim whose name comes from the user's settings


@lru_cache(4096)
def steps_again(algorithm: str) -> bool:
    """Whether one step of an optimizer of that name calls its closure several times, and updates after each."""
    return algorithm.rsplit(".", 1)[-1] == "LBFGS"


@lru_cache(4096)
def is_optimizer(dotted: str) -> bool:
    """Whether a class of another library is an optimizer, by its dotted name."""
    last = dotted.rsplit(".", 1)[-1]
    if dotted == ANY_OPTIMIZER or last in OPTIMIZERS or OPTIMIZER_CLASS.search(last) is not None:
        return True
    return last not in WRAPPERS and _OPTIMIZER_PACKAGE.search(dotted) is not None


CONSTRUCTORS: dict[str, Kind] = {
    **dict.fromkeys(OPTIMIZERS, Kind.OPTIMIZER),
    **dict.fromkeys(("GradScaler", "ShardedGradScaler"), Kind.SCALER),
    **dict.fromkeys(
        ("NativeScaler", "NativeScalerWithGradNormCount", "ApexScaler", "ApexScalerWithGradNormCount"), Kind.FUSED_SCALER
    ),
    "Accelerator": Kind.ACCELERATOR,
    "GradientAccumulationPlugin": Kind.ACCUMULATION,
    "Fabric": Kind.FABRIC,
    "LightningLite": Kind.FABRIC,
    "Booster": Kind.BOOSTER,
    **dict.fromkeys(
        (
            "SAM",
            "ASAM",
            "NoamOpt",
            "ScheduledOptim",
            "PrivacyEngine",
            "DPOptimizer",
            "PCGrad",
        ),
        Kind.WRAPPED_OPTIMIZER,
    ),
    "DataLoader": Kind.LOADER,
}

# Wrappers that give back the same parameters, or an optimizer that steps and clears when the wrapped one would.
WRAPPERS = frozenset(
    "DataParallel DistributedDataParallel DDP FSDP FullyShardedDataParallel compile deepcopy_ SyncBatchNorm convert_sync_batchnorm "
    "DataParallelModel prepare_model fully_shard replicate script initialize setup_module DistributedOptimizer broadcast_parameters "
    "FP16_Optimizer FP16_Optimizer_State LARC Lookahead "
    "list tuple iter filter chain itertools.chain sorted reversed cast".split()
)

# Classes of other libraries that are handed an optimizer to keep or to watch it, by a word in their name.
KEEPER = re.compile(r"Checkpoint|Ckpt|Saver|Restor|Logger|Monitor|Schedul|Warmup|EarlyStop|Recorder|Decay")

# Calls that may be handed an optimizer and still leave gradients alone, by a word in their name.
_HARMLESS = re.compile(
    r"lr|learning|rate|sched|warm|anneal|save|load|checkpoint|ckpt|resume|log|print|get|momentum|decay|state|summary|wandb|eval|valid|"
    r"test|plot|record|serial|visd|monitor|watch|len|isinstance|hasattr|getattr|setattr|type|str|repr|id$|append|clip|unscale|broadcast|"
    r"device|init|create|build|make|metric|report|display|visual|callback|hook_fn|format|dict|zip|enumerate|param|sync_|all_reduce|toggle|swa",
    re.IGNORECASE,
)

# What a call that cannot be looked into may do, by a word in its name.
_RUNS_BACKWARD = re.compile(r"backward(?!.*(hook|sync))", re.IGNORECASE)
_CLEARS = re.compile(r"zero|clear|reset", re.IGNORECASE)
_WRITES = re.compile(r"(restore|set|apply|load|copy|share|swap|put|assign|ensure)\w*grad(ient)?s?$", re.IGNORECASE)
_UNDOES = re.compile(r"load_state_dict|(set|load|restore|put|assign|copy|reset)_?\w*(param|weight|state)", re.IGNORECASE)
_SCALES = re.compile(r"scale|(^|_)div|(^|_)mul(?!ti)|average|normali[sz]e", re.IGNORECASE)


class May(NamedTuple):
    """What a call that cannot be looked into may do, by a word in its name."""

    run_backward: bool
    clear: bool
    write: bool
    undo: bool  # a step, by setting back the weights
    scale: bool


@lru_cache(4096)
def may(name: str) -> May:
    """What a function or method called ``name`` may do to gradients."""
    return May(*(pattern.search(name) is not None for pattern in (_RUNS_BACKWARD, _CLEARS, _WRITES, _UNDOES, _SCALES)))


@lru_cache(4096)
def is_harmless(name: str) -> bool:
    """Whether what goes by ``name`` may be handed an optimizer and still leaves gradients alone."""
    return _HARMLESS.search(name) is not None


_OPTIMIZER_NAME = re.compile(
    r"optim|solver|(^|_)(opt|opts|opti|optz|adam|adamw|sgd|lbfgs|trainer_opt)(_|\d|$)|^opt[A-Z]|Opt([A-Z]|$)|_opt$|opt(er)?$"
)
_NOT_OPTIMIZER = re.compile(
    r"sched|lr(_|$|s$)|warm|option|optional|args|config|cfg|state|name|class|cls|param|step|iter|path|type|adopt|env|prof|idx|freq|"
    r"eps|beta|momentum|decay|clip|amsgrad",
    re.IGNORECASE,
)
_SCHEDULER_NAME = re.compile(r"sched|(^|_)sch(_|$)|(^|_)lr(_|s?$)|warmup|decay|annealer", re.IGNORECASE)
_AVERAGE_NAME = re.compile(
    r"(^|_)ema(_|$)|^ema|_swa$|^swa(_|$)", re.IGNORECASE
)  # of a network's weights: it is no network that trains
_SCALER_NAME = re.compile(r"scaler", re.IGNORECASE)
_MODULE_NAME = re.compile(r"^(net|model)|(net|model|module|network)(_?[A-Za-z0-9]{0,2})?$")
_NOT_MODULE = re.compile(r"check|ckpt|sav|path|name|dir|file|conf|cfg|args|type|card|dict", re.IGNORECASE)


# Methods of tensors that multiply or divide.
SCALES = {"div": "/", "divide": "/", "true_divide": "/", "mul": "*", "multiply": "*"}

CRITERION = re.compile(r"loss|criteri|objective", re.IGNORECASE)


@lru_cache(4096)
def kind_of_name(name: str) -> Kind | None:
    """The kind that an identifier speaks of, None when it speaks of none."""
    last = name.rsplit(".", 1)[-1].split("[", 1)[0]
    if _SCHEDULER_NAME.search(last):
        return Kind.SCHEDULER
    if _OPTIMIZER_NAME.search(last) and not _NOT_OPTIMIZER.search(last):
        return Kind.OPTIMIZER
    if _SCALER_NAME.search(last):
        return Kind.SCALER
    if last in ("accelerator", "_accelerator"):
        return Kind.ACCELERATOR
    if last in ("fabric", "_fabric"):
        return Kind.FABRIC
    if last in ("booster", "_booster"):
        return Kind.BOOSTER
    if re.search(r"model_engine|(^|_)engine$|deepspeed", last):
        return Kind.ENGINE
    if _AVERAGE_NAME.search(last):
        return None
    if _MODULE_NAME.search(last) and not _NOT_MODULE.search(last):
        return Kind.MODULE
    return None


# The data that a network is only tried on.
HELD_OUT_NAME = re.compile(
    r"((^|_)(val|valid|validation|dev|eval|test)|(Val|Valid|Validation|Dev|Eval|Test))(?=$|_|[A-Z]|loader|data|dl)"
)

# The family of names that a window goes by.
WINDOW_NAME = re.compile(
    r"acc?um|grad_?acc|(^|_)n?_?acc(_|$)|accum_iter|iter_size|update_freq|updates?_every|virtual_batch|micro_?(step|batch)|"
    r"num_?(micro|mb|chunks|splits?)|sub_?(iter|batch|division)|batches_per_step|steps_per_update|backward_passes|num_steps_per_update|"
    r"every_n_batches|(^|_)ga(s|_steps)?$|batch_split|batch_multiplier|n_?micro|aggregat",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*")


@lru_cache(4096)
def speaks_of_window(setting: str) -> bool:
    """Whether a setting's name, or that of a part of a computed one, is of the family that a window goes by."""
    return any(WINDOW_NAME.search(name.rsplit(".", 1)[-1]) for name in _IDENTIFIER.findall(setting))


# Names that gate steps for other reasons than accumulation.
OTHER_CLOCK = re.compile(
    r"log|print|eval|valid|save|ckpt|checkpoint|disp|vis|critic|target|policy|delay|warm|sample|summary|plot|report|test|pbar|show",
    re.IGNORECASE,
)
