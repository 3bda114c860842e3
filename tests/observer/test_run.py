"""Running scripts, modules and blocks under observation: the report, the exit code, and that nothing else changes."""

from __future__ import annotations

import subprocess
import sys
import weakref
from pathlib import Path

import pytest
import torch

from accumlint.ledger import Spend
from accumlint.observer import GradientAccumulationWarning, GradientsMisspent, observe
from accumlint.observer.command import Wanted, observed
from accumlint.observer.script import run
from accumlint.problem import UsageError

from .trainings import RIGHT, WRONG, Training

pytestmark = pytest.mark.torch
UNSCALED = next(training for training in WRONG if training.name == "unscaled")
KEEP_WEIGHTS = "\nimport sys\ntorch.save([p.detach() for p in model.parameters()], sys.argv[1])\n"


def train(model: torch.nn.Module, optimizer: torch.optim.Optimizer, batches: list[torch.Tensor], zero: bool) -> None:
    for batch in batches:
        model(batch).pow(2).mean().backward()
        optimizer.step()
        if zero:
            optimizer.zero_grad()


def made() -> tuple[torch.nn.Module, torch.optim.Optimizer, list[torch.Tensor]]:
    model = torch.nn.Linear(3, 1)
    return model, torch.optim.SGD(model.parameters(), lr=0.1), [torch.randn(2, 3) for _ in range(3)]


def test_a_block_is_observed() -> None:
    model, optimizer, batches = made()
    with observe(optimizer) as seen:
        train(model, optimizer, batches, zero=True)
    [ledger] = seen.ledgers
    assert ledger.optimizer == "optimizer"
    assert [[share.turn for share in spend.row] for spend in ledger.spends] == [[1], [2], [3]]
    assert seen.findings == ()


def test_a_slip_in_a_block_is_warned_about_at_its_line() -> None:
    model, optimizer, batches = made()
    with pytest.warns(GradientAccumulationWarning, match="ACC001 missing-zero-grad") as caught, observe(optimizer):
        train(model, optimizer, batches, zero=False)
    assert caught[0].filename == __file__
    assert caught[0].lineno == train.__code__.co_firstlineno + 3


def test_a_slip_in_a_block_is_raised_where_that_is_wanted() -> None:
    model, optimizer, batches = made()
    with pytest.raises(GradientsMisspent, match="ACC001"), observe(optimizer, on_finding="raise"):
        train(model, optimizer, batches, zero=False)


def test_other_optimizers_are_left_alone() -> None:
    model, optimizer, batches = made()
    other_model, other, _ = made()
    with observe(optimizer) as seen:
        train(other_model, other, batches, zero=False)
        train(model, optimizer, batches, zero=True)
    assert [ledger.optimizer for ledger in seen.ledgers] == ["optimizer"]
    assert seen.findings == ()


def test_what_the_program_lets_go_of_is_gone() -> None:
    model, optimizer, [batch, *_] = made()

    def train() -> object:
        for _ in range(1):
            out = model(batch)
            loss = out.pow(2).mean()
            loss.backward()
            left = weakref.ref(out)
            del out, loss
        return left()

    with observe(optimizer):
        assert train() is None


def test_what_the_program_keeps_stays() -> None:
    model, optimizer, [batch, *_] = made()

    def train(rate: float) -> dict[str, object]:
        settings = locals()
        for _ in range(1):
            model(batch).pow(2).mean().backward()
        return settings

    with observe(optimizer):
        assert train(0.1)["rate"] == 0.1


def test_parameters_that_others_update_are_not_judged() -> None:
    model, optimizer, batches = made()
    with observe(optimizer) as seen:
        for batch in batches:
            model(batch).pow(2).mean().backward()
            with torch.no_grad():
                for parameter in model.parameters():
                    assert parameter.grad is not None
                    parameter -= 0.1 * parameter.grad
                    parameter.grad = None
    assert seen.findings == ()
    assert seen.unjudged == ("optimizer: its parameters are updated by other means than its steps",)


def test_torch_is_as_it_was_afterwards() -> None:
    before = (torch.autograd.backward, torch.optim.Optimizer.zero_grad, torch.optim.Optimizer.__init__, torch.nn.Module.zero_grad)
    with pytest.raises(ZeroDivisionError), observe():
        raise ZeroDivisionError
    after = (torch.autograd.backward, torch.optim.Optimizer.zero_grad, torch.optim.Optimizer.__init__, torch.nn.Module.zero_grad)
    assert before == after


@pytest.mark.parametrize("training", RIGHT, ids=lambda training: training.name.replace(" ", "_"))
def test_the_weights_are_those_of_an_unobserved_run(training: Training, tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(training.text + KEEP_WEIGHTS)
    exec(compile(script.read_text().replace("sys.argv[1]", repr(str(tmp_path / "alone.pt"))), str(script), "exec"), {})
    assert run(str(script), [str(tmp_path / "watched.pt")]).failure is None
    alone, watched = (torch.load(tmp_path / name) for name in ("alone.pt", "watched.pt"))
    assert len(alone) == len(watched) > 0
    assert all(torch.equal(one.view(torch.int32), other.view(torch.int32)) for one, other in zip(alone, watched, strict=True))


def test_it_stops_after_max_steps(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text("".join([RIGHT[0].text, "print('not reached')\n"]))
    done = run(str(script), [], max_steps=3)
    assert done.failure is None
    assert done.steps == 3
    [ledger] = done.told.ledgers
    assert not ledger.ended
    assert isinstance(ledger.entries[-1], Spend) or len(ledger.left) == 0


def test_the_report_names_lines_and_draws_the_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "train.py"
    script.write_text(UNSCALED.text)
    assert observed(Wanted(str(script), [])) == 1
    out = capsys.readouterr().out
    line = UNSCALED.line("loss.backward()")
    assert f"train.py:{line}:9: ACC003 unscaled-loss 3 micro-batches sum to weight 3, not 1" in out
    assert "measured in torch" in out


def test_a_program_that_fails_is_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "train.py"
    script.write_text("import torch\nraise RuntimeError('no data')\n")
    assert observed(Wanted(str(script), [])) == 2
    error = capsys.readouterr().err
    assert "RuntimeError: no data" in error
    assert "accumlint" not in error.split("Traceback")[1]


def test_no_such_script(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot run"):
        run(str(tmp_path / "none.py"), [])


def test_a_module_is_run_with_its_arguments(tmp_path: Path) -> None:
    package = tmp_path / "project"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "train.py").write_text(f"import sys\nassert sys.argv[1:] == ['--lr', '1'], sys.argv\n{UNSCALED.text}")
    code = (
        "import sys; from accumlint.observer.command import Wanted, observed;"
        "sys.exit(observed(Wanted('project.train', ['--lr', '1'], module=True)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=None)
    assert done.returncode == 1, done.stderr
    assert "ACC003" in done.stdout
