from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran

from accumlint.screen import imports, may_train, module_name, trains

Run = Callable[..., Ran]
CALLER = (
    "import torch\nfrom steps import train_step\noptimizer = torch.optim.SGD(p)\nfor x in loader:\n    train_step(optimizer, x)\n"
)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("loss.backward()", True),
        ("accelerator.backward(loss)", True),
        ("optimizer.step", True),
        ("scheduled_optim.step_and_update_lr()", True),
        ("lr_scheduler.step()", False),
        ("self.scheduler.step(noise, t, latents)", False),
        ("DDIMScheduler.step", False),
        ("obs, reward, done, info = self.env.step(action)", False),
        ("envs.step(actions)", False),
        ("scheduler.step(); optimizer.step()", True),
        ("loss_scaler(loss, optimizer); lr_scheduler.step()", True),
        ("range(args.steps)", False),
        ("scheduler.config.steps_offset = 1", False),
        ("o.zero_grad()", True),
        ("x = 1", False),
        ("# kept for backward compatibility, which looks backwards", False),
        ("from torch.autograd import backward as run", True),
        ('getattr(loss, "backward")()', True),
    ],
)
def test_may_train(text: str, may: bool) -> None:
    assert may_train(text.encode()) is may


def test_a_word_in_prose_is_no_training() -> None:
    assert not trains(b"# backward compatible\n")
    assert trains(b"loss.backward()\n")


@pytest.mark.parametrize(
    "line",
    [
        "import steps",
        "import a, steps",
        "from steps import x",
        "from .steps import x",
        "from pkg import steps",
        "    from a.steps import x",
        "from a import (\n    b,  # one\n    steps,\n)",
        "from a import b, \\\n    steps",
    ],
)
def test_imports(line: str) -> None:
    assert imports(f"x = 1\n{line}\n".encode(), {b"steps"})
    assert not imports(f"x = 1\n{line}\n".encode(), {b"step"})
    assert not imports(f"# {line}\n".encode(), {b"steps"})


def test_module_names() -> None:
    assert [module_name(path) for path in ("steps.py", "a/steps.py", "a/steps/__init__.py")] == [b"steps"] * 3


def test_a_loop_that_trains_by_what_it_calls_is_judged(tree: Path, run: Run, fake_core: list[str]) -> None:
    (tree / "steps.py").write_text("def train_step(optimizer, x):\n    x.backward()\n    optimizer.step()\n")
    (tree / "train.py").write_text(CALLER)
    (tree / "given.py").write_text("from steps import train_step\ndef run(opt, x):\n    train_step(opt, x)\n")
    (tree / "other.py").write_text(CALLER.replace("steps", "elsewhere"))
    run("--no-cache", "--jobs", "1")
    assert sorted(fake_core) == ["given.py", "steps.py", "train.py"]
    run("--no-cache", "other.py")
    assert fake_core[3:] == ["other.py"]


def test_a_loop_that_steps_an_environment_is_judged_where_it_calls_what_trains(
    tree: Path, run: Run, fake_core: list[str]
) -> None:
    (tree / "agent.py").write_text("class Agent:\n    def learn(self, x):\n        self.q(x).backward()\n")
    loop = "from agent import Agent\nagent = Agent()\nfor i in range(9):\n    x = env.step(a)\n    agent.learn(x)\n"
    (tree / "main.py").write_text(loop)
    (tree / "play.py").write_text(loop.replace("agent import", "elsewhere import"))
    run("--no-cache", "--jobs", "1")
    assert sorted(fake_core) == ["agent.py", "main.py"]


def test_a_call_of_the_users_wrapper_is_judged(tree: Path, run: Run, fake_core: list[str]) -> None:
    (tree / "train.py").write_text("for x in loader:\n    trainer.optimize(x)\n")
    run("--no-cache")
    assert fake_core == []
    (tree / "accumlint.toml").write_text('[wrappers]\n"Trainer.optimize" = "step"\n')
    run("--no-cache")
    assert fake_core == ["train.py"]
