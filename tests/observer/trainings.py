"""Small real trainings, each with the ledger that torch gives: what every step spends, and what is left at the end.

A row lists a step's micro-batches as ``weight`` (``weight*`` where an earlier step has spent it already, ``weight+weight`` where
it had two losses), rows are split by `` ; ``.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

HEAD = """\
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

torch.manual_seed(0)
data = [(torch.randn(3), torch.tensor(i % 2)) for i in range(14)]
loader = DataLoader(data, batch_size=2)
batches = list(loader)
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
accumulation_steps = 3
"""


@dataclass(frozen=True)
class Training:
    """``declared`` is the window's expression, ``left`` what no step spent, ``codes`` the rules that fire, each with its line."""

    name: str
    body: str
    rows: str
    declared: str | None = None
    left: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    optimizer: str = "optimizer"

    @property
    def text(self) -> str:
        return HEAD + dedent(self.body)

    def line(self, fragment: str) -> int:
        """The number of the one line that holds ``fragment`` and ends in it."""
        found = [number for number, line in enumerate(self.text.splitlines(), 1) if line.strip() == fragment]
        assert len(found) == 1, (fragment, found)
        return found[0]


ACCUMULATING = """
for epoch in range({epochs}):
    {start}
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y){scale}
        loss.backward()
        if (i + 1) % accumulation_steps == 0{flush}:
            optimizer.step()
            optimizer.zero_grad()
"""

FULL = "1/3 1/3 1/3 ; 1/3 1/3 1/3"


def accumulating(epochs: int = 1, scale: str = " / accumulation_steps", flush: str = "", start: str = "pass") -> str:
    return ACCUMULATING.format(epochs=epochs, scale=scale, flush=flush, start=start)


RIGHT = [
    Training(
        "plain",
        """
        for x, y in loader:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
        """,
        " ; ".join(["1"] * 7),
    ),
    Training(
        "flushed, last window by its own length",
        """
        for epoch in range(2):
            for i, (x, y) in enumerate(loader):
                n = 1 if i == 6 else accumulation_steps
                (criterion(model(x), y) / n).backward()
                if (i + 1) % accumulation_steps == 0 or i + 1 == len(loader):
                    optimizer.step()
                    optimizer.zero_grad()
        """,
        f"{FULL} ; 1 ; {FULL} ; 1",
        "accumulation_steps",
    ),
    Training(
        "scaler and clipping",
        """
        scaler = torch.amp.GradScaler("cpu")
        for i, (x, y) in enumerate(batches[:6]):
            scaler.scale(criterion(model(x), y) / accumulation_steps).backward()
            if (i + 1) % accumulation_steps == 0:
                scaler.unscale_(optimizer)
                nn.utils.clip_grad_norm_(model.parameters(), 0.01)
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad()
        """,
        FULL,
        "accumulation_steps",
    ),
    Training(
        "a scaler that is disabled",
        """
        scaler = torch.amp.GradScaler("cpu", enabled=False)
        for i, (x, y) in enumerate(batches[:6]):
            scaler.scale(criterion(model(x), y) / accumulation_steps).backward()
            if (i + 1) % accumulation_steps == 0:
                scaler.unscale_(optimizer)
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad()
        """,
        FULL,
        "accumulation_steps",
    ),
    Training(
        "overflow skipped",
        """
        scaler = torch.amp.GradScaler("cpu")
        for i, (x, y) in enumerate(batches[:6]):
            scaler.scale(criterion(model(x * (float("inf") if i == 1 else 1)), y) / accumulation_steps).backward()
            if (i + 1) % accumulation_steps == 0:
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad()
        """,
        FULL,
        "accumulation_steps",
    ),
    Training(
        "gradients divided before the step",
        """
        for i, (x, y) in enumerate(batches[:6]):
            criterion(model(x), y).backward()
            if (i + 1) % accumulation_steps == 0:
                for p in model.parameters():
                    p.grad /= accumulation_steps
                optimizer.step()
                optimizer.zero_grad()
        """,
        FULL,
        "accumulation_steps",
    ),
    Training(
        "summed losses",
        """
        for i, (x, y) in enumerate(batches[:6]):
            F.cross_entropy(model(x), y, reduction="sum").backward()
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
        "? ? ? ; ? ? ?",
        "accumulation_steps",
    ),
    Training(
        "two losses a micro-batch",
        """
        for x, y in loader:
            criterion(model(x), y).backward()
            (0.1 * model(x).pow(2).mean()).backward()
            optimizer.step()
            optimizer.zero_grad()
        """,
        " ; ".join(["1+1"] * 7),
    ),
    Training(
        "a loop over losses",
        """
        for x, y in loader:
            out = model(x)
            for loss in (criterion(out, y), out.pow(2).mean()):
                loss.backward(retain_graph=True)
            optimizer.step()
            optimizer.zero_grad()
        """,
        " ; ".join(["1+1"] * 7),
    ),
    Training(
        "an inner window loop",
        """
        step = 0
        while step < 2:
            for micro in range(accumulation_steps):
                x, y = batches[(step * 3 + micro) % 7]
                loss = criterion(model(x), y) / accumulation_steps
                loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
        """,
        FULL,
        "accumulation_steps",
    ),
    Training(
        "cleared by hand",
        """
        for x, y in loader:
            for p in model.parameters():
                p.grad = None
            criterion(model(x), y).backward()
            optimizer.step()
        """,
        " ; ".join(["1"] * 7),
    ),
    Training(
        "cleared by the module",
        """
        for x, y in loader:
            model.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
        """,
        " ; ".join(["1"] * 7),
    ),
    Training(
        "cleared by the module, gradients zero",
        """
        for x, y in loader:
            model.zero_grad()
            (0 * criterion(model(x), y)).backward()
            optimizer.step()
        """,
        " ; ".join(["1"] * 7),
    ),
    Training(
        "cleared by the module, gradients no numbers",
        """
        for x, y in loader:
            model.zero_grad()
            (float("nan") * criterion(model(x), y)).backward()
            optimizer.step()
        """,
        " ; ".join(["1"] * 7),
    ),
    Training(
        "a window's batches fetched ahead",
        """
        data = iter(loader)
        for update in range(3):
            window = [batch for _, batch in zip(range(3), data)]
            for i, (x, y) in enumerate(window):
                (criterion(model(x), y) / len(window)).backward()
                if i + 1 == len(window):
                    optimizer.step()
                    optimizer.zero_grad()
        """,
        f"{FULL} ; 1",
    ),
    Training(
        "LBFGS with a closure",
        """
        optimizer = torch.optim.LBFGS(model.parameters(), max_iter=4)
        for x, y in loader:
            def closure():
                optimizer.zero_grad()
                loss = criterion(model(x), y)
                loss.backward()
                return loss
            optimizer.step(closure)
        """,
        " ; ".join(["1"] * 7),
    ),
    Training(
        "guard in a helper",
        """
        def backward(loss):
            (loss / accumulation_steps).backward()

        def advance(i):
            if (i + 1) % accumulation_steps:
                return
            optimizer.step()
            optimizer.zero_grad()

        def train():
            for i, (x, y) in enumerate(batches[:6]):
                backward(criterion(model(x), y))
                advance(i)

        train()
        """,
        FULL,
        "accumulation_steps",
    ),
    Training(
        "an optimizer made anew over the same parameters",
        """
        for phase in range(2):
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
            for x, y in batches[:2]:
                optimizer.zero_grad()
                criterion(model(x), y).backward()
                optimizer.step()
        """,
        "1 ; 1 ; 1 ; 1",
    ),
    Training(
        "a step taken while the backward is under way",
        """
        optimizer = torch.optim.AdamW([*model.parameters()][-1:])

        def spend(parameter):
            optimizer.step()
            optimizer.zero_grad()

        model[-1].bias.register_post_accumulate_grad_hook(spend)
        for x, y in batches[:3]:
            criterion(model(x), y).backward()
        """,
        "? ; ? ; ?",
    ),
    Training(
        "gradients divided by a hook",
        """
        for parameter in model.parameters():
            parameter.register_hook(lambda grad: grad / accumulation_steps)
        for i, (x, y) in enumerate(batches[:6]):
            criterion(model(x), y).backward()
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
        "? ? ? ; ? ? ?",
        "accumulation_steps",
    ),
    Training(
        "a division inside checkpointed code",
        """
        from torch.utils.checkpoint import checkpoint

        def share(x, y):
            return criterion(model(x), y) / accumulation_steps

        for i, (x, y) in enumerate(batches[:6]):
            checkpoint(share, x.requires_grad_(), y, use_reentrant=True).backward()
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
        "? ? ? ; ? ? ?",
        "accumulation_steps",
    ),
    Training(
        "sparse gradients",
        """
        table = nn.Embedding(10, 3, sparse=True)
        optimizer = torch.optim.SparseAdam(table.parameters())
        for i in range(6):
            loss = table(torch.tensor([i, i + 1])).pow(2).mean() / accumulation_steps
            loss.backward()
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
        FULL,
        "accumulation_steps",
    ),
    Training(
        "complex gradients divided before the step",
        """
        waves = nn.Parameter(torch.randn(4, dtype=torch.cfloat))
        optimizer = torch.optim.AdamW([waves])
        for i in range(6):
            (waves.abs() - 1).pow(2).mean().backward()
            if (i + 1) % accumulation_steps == 0:
                waves.grad /= accumulation_steps
                optimizer.step()
                optimizer.zero_grad()
        """,
        FULL,
        "accumulation_steps",
    ),
    Training(
        "a trial before the loop with the window",
        """
        for x, y in batches[:2]:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
        optimizer.zero_grad()
        for i, (x, y) in enumerate(batches[:6]):
            (criterion(model(x), y) / accumulation_steps).backward()
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
        f"1 ; 1 ; {FULL}",
        "accumulation_steps",
    ),
    Training(
        "windows that grow",
        """
        for epoch in range(2):
            n_accumulate = 1 + epoch
            for i, (x, y) in enumerate(loader):
                (criterion(model(x), y) / n_accumulate).backward()
                if (i + 1) % n_accumulate == 0 or i + 1 == len(loader):
                    optimizer.step()
                    optimizer.zero_grad()
        """,
        " ; ".join([*["1"] * 7, *["1/2 1/2"] * 3, "1"]),
    ),
]

NOT_ZEROED = " ; ".join(" ".join(["1*"] * i + ["1"]) for i in range(7))

WRONG = [
    Training(
        "no zero_grad",
        """
        for x, y in loader:
            criterion(model(x), y).backward()
            optimizer.step()
        """,
        NOT_ZEROED,
        codes=(("ACC001", "optimizer.step()"),),
    ),
    Training(
        "zero_grad every micro-batch",
        """
        for i, (x, y) in enumerate(loader):
            optimizer.zero_grad()
            loss = criterion(model(x), y) / accumulation_steps
            loss.backward()
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
        """,
        "1/3 ; 1/3",
        "accumulation_steps",
        left="1/3",
        codes=(("ACC002", "optimizer.zero_grad()"),),
    ),
    Training(
        "unscaled",
        accumulating(scale="", flush=" or i + 1 == len(loader)"),
        "1 1 1 ; 1 1 1 ; 1",
        "accumulation_steps",
        codes=(("ACC003", "loss.backward()"),),
    ),
    Training(
        "tail leaked into the next epoch",
        accumulating(2),
        f"{FULL} ; 1/3 1/3 1/3 1/3 ; 1/3 1/3 1/3",
        "accumulation_steps",
        left="1/3",
        codes=(("ACC004", "if (i + 1) % accumulation_steps == 0:"),),
    ),
    Training(
        "tail dropped at the epoch's start",
        accumulating(2, start="optimizer.zero_grad(set_to_none=False)"),
        f"{FULL} ; {FULL}",
        "accumulation_steps",
        left="1/3",
        codes=(("ACC004", "if (i + 1) % accumulation_steps == 0:"),),
    ),
    Training(
        "a second step after the guard",
        """
        for i, (x, y) in enumerate(batches[:6]):
            loss = criterion(model(x), y) / accumulation_steps
            loss.backward()
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
        optimizer.step()
        """,
        f"{FULL} ; -",
        "accumulation_steps",
    ),
    Training(
        "stepped every micro-batch",
        """
        for i, (x, y) in enumerate(batches[:6]):
            loss = criterion(model(x), y) / accumulation_steps
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        """,
        " ; ".join(["1/3"] * 6),
        "accumulation_steps",
        codes=(("ACC005", "optimizer.step()"),),
    ),
    Training(
        "zero_grad between backward and step",
        """
        for x, y in batches[:2]:
            criterion(model(x), y).backward()
            optimizer.zero_grad()
            optimizer.step()
        """,
        "- ; -",
        codes=(("ACC012", "optimizer.zero_grad()"),),
    ),
    Training(
        "off by one",
        """
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y) / accumulation_steps
            loss.backward()
            if i % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
        f"1/3 ; {FULL}",
        "accumulation_steps",
        codes=(("ACC016", "if i % accumulation_steps == 0:"),),
    ),
    Training(
        "running total",
        """
        total = 0
        for i, (x, y) in enumerate(batches[:3]):
            total = total + criterion(model(x), y) / accumulation_steps
            total.backward(retain_graph=True)
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
        "1/3 1/3 1/3",
        "accumulation_steps",
        codes=(("ACC013", "total.backward(retain_graph=True)"),),
    ),
    Training(
        "no zero_grad when the optimizer is made anew",
        """
        for phase in range(2):
            optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
            for x, y in batches[:1]:
                criterion(model(x), y).backward()
                optimizer.step()
        """,
        "1 ; 1* 1",
        codes=(("ACC001", "optimizer.step()"),),
    ),
    Training(
        "a step in a hook that clears nothing",
        """
        optimizer = torch.optim.AdamW([*model.parameters()][-1:])

        def spend(parameter):
            optimizer.step()

        model[-1].bias.register_post_accumulate_grad_hook(spend)
        for x, y in batches[:3]:
            criterion(model(x), y).backward()
        """,
        "? ; ?* ? ; ?* ?* ?",
        codes=(("ACC001", "optimizer.step()"),),
    ),
]
