"""Trainings that a framework has a hand in: accelerate, FSDP, Lightning's Fabric and Trainer, the Trainer of transformers."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.slow]
DATA = """\
import torch
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(0)
data = [(torch.randn(3), torch.tensor(i % 2)) for i in range(14)]
"""
ACCELERATE = """
from accelerate import Accelerator

accelerator = Accelerator(cpu=True, gradient_accumulation_steps=3)
model = nn.Linear(3, 2)
optimizer = torch.optim.AdamW(model.parameters())
model, optimizer, loader = accelerator.prepare(model, optimizer, DataLoader(data, batch_size=2))
for epoch in range(2):
    for x, y in loader:
        with accelerator.accumulate(model):
            loss = nn.functional.cross_entropy(model(x), y){scale}
            accelerator.backward(loss)
            optimizer.step()
            {clear}
"""
FABRIC = """
import lightning

fabric = lightning.Fabric(accelerator="cpu")
model = nn.Linear(3, 2)
model, optimizer = fabric.setup(model, torch.optim.AdamW(model.parameters()))
loader = fabric.setup_dataloaders(DataLoader(data, batch_size=2))
for epoch in range(2):
    for i, (x, y) in enumerate(loader):
        accumulating = (i + 1) % 3 != 0
        with fabric.no_backward_sync(model, enabled=accumulating):
            fabric.backward(nn.functional.cross_entropy(model(x), y){scale})
        if not accumulating or i + 1 == len(loader):
            optimizer.step()
            {clear}
"""
LIGHTNING = """
import lightning

class Module(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)

    def training_step(self, batch, index):
        x, y = batch
        return nn.functional.cross_entropy(self.layer(x), y){scale}

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters())

{extra}

quiet = dict.fromkeys(("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"), False)
trainer = lightning.Trainer(max_epochs=2, accumulate_grad_batches=3, accelerator="cpu", **quiet)
trainer.fit(Module(), DataLoader(data, batch_size=2))
"""
KEEPS = "    def optimizer_zero_grad(self, epoch, index, optimizer):\n        pass"
TRANSFORMERS = """
from transformers import Trainer, TrainingArguments

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)

    def forward(self, x, labels):
        out = self.layer(x)
        return {{"loss": nn.functional.cross_entropy(out, labels), "logits": out}}

class Mine(Trainer):
    {method}

rows = [{{"x": x, "labels": y}} for x, y in data]
quiet = {{"report_to": "none", "save_strategy": "no", "disable_tqdm": True, "use_cpu": True}}
arguments = TrainingArguments("out", per_device_train_batch_size=2, gradient_accumulation_steps=3, num_train_epochs=2, **quiet)
trainer = Mine(Model(), arguments, train_dataset=rows)
trainer.train()
"""
TWICE = """def compute_loss(self, *given, **more):
        return super().compute_loss(*given, **more) / self.args.gradient_accumulation_steps"""
UNSCALED = """def training_step(self, model, inputs, count=None):
        loss = self.compute_loss(model, self._prepare_inputs(inputs))
        loss.backward()
        return loss.detach()"""
SHARDED = """
import torch.distributed as dist
from torch.distributed.fsdp import fully_shard

dist.init_process_group("gloo", rank=0, world_size=1, store=dist.HashStore())
model = fully_shard(nn.Linear(3, 2), mesh=dist.init_device_mesh("cpu", (1,)))
optimizer = torch.optim.AdamW(model.parameters())
loader = DataLoader(data, batch_size=2)
for epoch in range(2):
    for i, (x, y) in enumerate(loader):
        last = (i + 1) % 3 == 0 or i + 1 == len(loader)
        model.set_requires_gradient_sync(last)
        loss = nn.functional.cross_entropy(model(x), y){scale}
        loss.backward()
        if last:
            optimizer.step()
            {clear}
dist.destroy_process_group()
"""
CLEAR = "optimizer.zero_grad()"

CASES = {
    "accelerate/right": ("accelerate", ACCELERATE.format(scale="", clear=CLEAR), None),
    "accelerate/scaled_twice": (
        "accelerate",
        ACCELERATE.format(scale=" / 3", clear=CLEAR),
        ("ACC014", "accelerator.backward(loss)"),
    ),
    "accelerate/never_cleared": ("accelerate", ACCELERATE.format(scale="", clear="pass"), ("ACC001", "optimizer.step()")),
    "fabric/right": ("lightning", FABRIC.format(scale=" / 3", clear=CLEAR), None),
    "fabric/unscaled": (
        "lightning",
        FABRIC.format(scale="", clear=CLEAR),
        ("ACC003", "fabric.backward(nn.functional.cross_entropy(model(x), y))"),
    ),
    "fabric/never_cleared": ("lightning", FABRIC.format(scale=" / 3", clear="pass"), ("ACC001", "optimizer.step()")),
    "fsdp/right": ("torch", SHARDED.format(scale=" / 3", clear=CLEAR), None),
    "fsdp/unscaled": ("torch", SHARDED.format(scale="", clear=CLEAR), ("ACC003", "loss.backward()")),
    "fsdp/never_cleared": ("torch", SHARDED.format(scale=" / 3", clear="pass"), ("ACC001", "optimizer.step()")),
    "lightning/right": ("lightning", LIGHTNING.format(scale="", extra=""), None),
    "lightning/scaled_twice": (
        "lightning",
        LIGHTNING.format(scale=" / 3", extra=""),
        ("ACC014", "trainer.fit(Module(), DataLoader(data, batch_size=2))"),
    ),
    "lightning/never_cleared": (
        "lightning",
        LIGHTNING.format(scale="", extra=KEEPS),
        ("ACC001", "trainer.fit(Module(), DataLoader(data, batch_size=2))"),
    ),
    "transformers/right": ("transformers", TRANSFORMERS.format(method="pass"), None),
    "transformers/scaled_twice": ("transformers", TRANSFORMERS.format(method=TWICE), ("ACC014", "trainer.train()")),
    "transformers/unscaled": ("transformers", TRANSFORMERS.format(method=UNSCALED), ("ACC003", "loss.backward()")),
}


@pytest.mark.parametrize("case", CASES)
def test_a_framework_is_seen_through(case: str, tmp_path: Path) -> None:
    library, body, expected = CASES[case]
    if find_spec(library) is None:
        pytest.skip(f"it needs {library}")
    (tmp_path / "train.py").write_text(DATA + body)
    words = [sys.executable, "-m", "accumlint", "run", "--output-format", "concise", "train.py"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    found = [line for line in done.stdout.splitlines() if line.startswith("train.py:")]
    if expected is None:
        assert (found, done.returncode) == ([], 0), done.stderr
        assert "No gradient misspent in 14 backward calls and 6 steps" in done.stderr
        return
    code, text = expected
    line = next(number for number, one in enumerate((DATA + body).splitlines(), 1) if one.strip() == text)
    assert [(told.split(":")[1], told.split()[1]) for told in found] == [(str(line), code)], done.stderr
    assert done.returncode == 1
