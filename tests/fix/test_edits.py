"""What is written, line by line: formatting, comments, semicolons, and the places where a fix is not sure."""

from __future__ import annotations

import pytest
from conftest import WRONG
from loops import FIXTURES

from accumlint.analyse import analyse
from accumlint.fix import Applicability, Fix, fixes_for
from accumlint.fix.edit import apply, line_origins
from accumlint.fix.focus import LONG, focused
from accumlint.registry import DEFAULT

from .repairing import without_marks

HEAD = """\
import torch

accumulation_steps = 4
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
loader = torch.utils.data.DataLoader(dataset)
"""


def fixed(text: str, code: str) -> tuple[str, Fix | None]:
    found = [one for one in analyse(text, "x.py").findings if one.code == code and one.code in DEFAULT]
    (fix,) = fixes_for(text, "x.py", found[:1])
    return (apply(text, fix.edits) if fix else text), fix


def loop(*lines: str) -> str:
    return HEAD + "for i, (x, y) in enumerate(loader):\n" + "".join(f"    {line}\n" for line in lines)


GUARD = "if (i + 1) % accumulation_steps == 0 or i + 1 == len(loader):"
STEP = ("    optimizer.step()", "    optimizer.zero_grad()")


@pytest.mark.parametrize(
    ("backward", "becomes"),
    [
        ("loss.backward()", "(loss / accumulation_steps).backward()"),
        ("(loss + penalty).backward()", "((loss + penalty) / accumulation_steps).backward()"),
        ("(2 * loss).backward(retain_graph=True)", "((2 * loss) / accumulation_steps).backward(retain_graph=True)"),
        ("loss.mean().backward()", "(loss.mean() / accumulation_steps).backward()"),
        ("torch.autograd.backward(loss)", "torch.autograd.backward(loss / accumulation_steps)"),
        ("torch.autograd.backward(loss + penalty)", "torch.autograd.backward((loss + penalty) / accumulation_steps)"),
    ],
)
def test_the_loss_is_divided_where_backward_is_called(backward: str, becomes: str) -> None:
    text = loop("loss = model(x).pow(2).mean()", "penalty = model(y).abs().mean()", f"{backward}  # go", GUARD, *STEP)
    after, fix = fixed(text, "ACC003")
    assert fix is not None
    assert after == text.replace(backward, becomes)


def test_a_clear_that_moves_takes_its_comments_along() -> None:
    text = loop(
        "# zero the parameter gradients",
        "optimizer.zero_grad()  # every time",
        "",
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "loss.backward()",
        GUARD,
        "    optimizer.step()  # here",
    )
    after, fix = fixed(text, "ACC002")
    assert fix is not None
    assert fix.applicability is Applicability.SAFE
    assert after == loop(
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "loss.backward()",
        GUARD,
        "    optimizer.step()  # here",
        "    # zero the parameter gradients",
        "    optimizer.zero_grad()  # every time",
    )


def test_a_comment_that_heads_more_than_the_clear_stays() -> None:
    text = loop(
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "# backward and update",
        "optimizer.zero_grad()",
        "loss.backward()",
        GUARD,
        "    optimizer.step()",
    )
    after, _ = fixed(text, "ACC002")
    assert after == loop(
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "# backward and update",
        "loss.backward()",
        GUARD,
        *STEP,
    )


def test_a_flush_comes_after_the_comments_that_end_the_loop() -> None:
    body = ("model(x).sum().div(accumulation_steps).backward()", "pending += 1", "if pending == accumulation_steps:")
    text = HEAD + "pending = 0\nfor x, y in batches():\n" + "".join(f"    {line}\n" for line in (*body, *STEP, "    pending = 0"))
    text += "\n    # if pending:\n    #     save()\n\n# done\nprint()\n"
    after, fix = fixed(text, "ACC004")
    assert fix is not None
    assert after.startswith(text.split("\n\n# done")[0] + "\nif pending > 0:\n    optimizer.step()\n")


def test_a_comment_that_would_be_lost_makes_a_fix_unsafe() -> None:
    text = loop(
        "optimizer.zero_grad()  # see the paper",
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "loss.backward()",
        GUARD,
        *STEP,
    )
    after, fix = fixed(text, "ACC002")
    assert fix is not None
    # the clear is taken out only where its comment may go; moving it would clear twice
    assert "see the paper" in after or fix.reason == "a comment goes with it: # see the paper"


def test_a_pragma_is_no_comment() -> None:
    text = loop(
        "optimizer.zero_grad()  # noqa: E501",
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "loss.backward()",
        GUARD,
        *STEP,
    )
    _, fix = fixed(text, "ACC002")
    assert fix is not None
    assert fix.applicability is Applicability.SAFE


def test_statements_on_one_line_stay_there() -> None:
    text = loop("loss = model(x).pow(2).mean(); loss.backward(); optimizer.step()  # all")
    after, _ = fixed(text, "ACC001")
    assert after == text.replace("optimizer.step()", "optimizer.step(); optimizer.zero_grad()")


def test_a_block_behind_its_colon() -> None:
    text = loop("loss = model(x).pow(2).mean() / accumulation_steps", "loss.backward()", f"{GUARD} optimizer.step()")
    after, _ = fixed(text, "ACC001")
    assert after == text.replace("optimizer.step()", "optimizer.step(); optimizer.zero_grad()")


def test_the_scaler_is_updated_before_gradients_are_cleared() -> None:
    text = loop(
        "loss = model(x).pow(2).mean()",
        "scaler.scale(loss).backward()",
        "scaler.step(optimizer)",
        "scaler.update()",
        "print(loss)",
    ).replace("loader =", "scaler = torch.amp.GradScaler()\nloader =")
    after, _ = fixed(text, "ACC001")
    assert after == text.replace("scaler.update()\n", "scaler.update()\n    optimizer.zero_grad()\n")


def test_gradients_that_are_read_after_the_step_are_not_cleared_unseen() -> None:
    text = loop("loss = model(x).pow(2).mean()", "loss.backward()", "optimizer.step()", "print(model.weight.grad.norm())")
    _, fix = fixed(text, "ACC001")
    assert fix is not None
    assert fix.reason == "line 11 reads the gradients after the step"


def test_gradients_that_another_backward_fills_after_the_step_are_not_cleared_unseen() -> None:
    text = """import torch


def train(G, D, loader):
    opt_g = torch.optim.AdamW(G.parameters())
    opt_d = torch.optim.AdamW(D.parameters())
    for x, y in loader:
        fake = G(x)
        (D(fake.detach()).mean() - D(y).mean()).backward()
        opt_d.step()
        opt_g.zero_grad()
        (-D(fake).mean()).backward()
        opt_g.step()
"""
    _, fix = fixed(text, "ACC001")
    assert fix is not None
    assert fix.reason.startswith("line 12 fills the gradients again after the step")


def test_a_loader_of_unknown_length() -> None:
    text = loop(
        "loss = model(x).pow(2).mean() / accumulation_steps", "loss.backward()", "if (i + 1) % accumulation_steps == 0:", *STEP
    )
    safe, unsafe = (
        fixed(text, "ACC004")[1],
        fixed(text.replace("loader = torch.utils.data.DataLoader(dataset)", "loader = stream()"), "ACC004")[1],
    )
    assert safe is not None
    assert safe.applicability is Applicability.SAFE
    assert unsafe is not None
    assert unsafe.reason == "`loader` may have no length"


def test_a_progress_bar_is_looked_through() -> None:
    text = loop(
        "loss = model(x).pow(2).mean() / accumulation_steps", "loss.backward()", "if (i + 1) % accumulation_steps == 0:", *STEP
    )
    for bar in ("tqdm(enumerate(loader), total=3)", "enumerate(tqdm(loader))"):
        after, _ = fixed("from tqdm import tqdm\n" + text.replace("enumerate(loader)", bar), "ACC004")
        assert "== 0 or i + 1 == len(loader):" in after


def test_a_progress_bar_is_as_long_as_what_it_is_around() -> None:
    text = loop(
        "loss = model(x).pow(2).mean() / accumulation_steps", "loss.backward()", "if (i + 1) % accumulation_steps == 0:", *STEP
    )
    text = "from tqdm import tqdm\n" + text.replace("for i", "bar = tqdm(loader)\nfor i").replace(
        "enumerate(loader)", "enumerate(bar)"
    )
    after, fix = fixed(text, "ACC004")
    assert "== 0 or i + 1 == len(bar):" in after
    assert fix is not None
    assert fix.applicability is Applicability.SAFE


def test_a_flush_repeats_the_whole_step_and_says_what_it_leaves_out() -> None:
    text = (
        loop(
            "loss = model(x).pow(2).mean() / accumulation_steps",
            "loss.backward()",
            "count += 1",
            "if count == accumulation_steps:",
            "    if clip:",
            "        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)",
            "    optimizer.step()",
            "    optimizer.zero_grad()",
            "    count = 0",
            "    print(loss)",
        )
        .replace("enumerate(loader)", "loader")
        .replace("for i, (x, y)", "count = 0\nfor x, y")
    )
    after, fix = fixed(text, "ACC004")
    assert fix is not None
    assert fix.reason == "what else the guard does is not repeated"
    assert after == text + (
        "if count > 0:\n"
        "    if clip:\n"
        "        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"
        "    optimizer.step()\n"
        "    optimizer.zero_grad()\n"
        "    count = 0\n"
    )


def test_of_a_guarded_step_and_one_every_micro_batch_the_guarded_one_stays() -> None:
    text = loop(
        "loss = model(x).pow(2).mean() / accumulation_steps", "loss.backward()", "optimizer.step()", "print(loss)", GUARD, *STEP
    )
    after, fix = fixed(text, "ACC005")
    assert fix is not None
    assert fix.applicability is Applicability.SAFE
    assert after == text.replace("    optimizer.step()\n", "", 1)


def test_no_fix_where_the_window_cannot_be_named() -> None:
    text = "import torch\n\n\ndef go(loss):\n    loss.backward()\n\n\n" + loop(
        "loss = model(x).pow(2).mean()", "go(loss)", GUARD, *STEP
    ).replace("accumulation_steps = 4\n", "").replace("import torch\n", "").replace(
        "for i, ", "def train(accumulation_steps):\n  for i, "
    ).replace("\n    ", "\n      ")
    found = [one for one in analyse(text, "x.py").findings if one.code == "ACC003"]
    assert [fix for fix in fixes_for(text, "x.py", found) if fix is not None] == []


def test_the_file_may_end_without_a_line_end() -> None:
    after, _ = fixed(WRONG.rstrip("\n"), "ACC001")
    assert after == WRONG + "    optimizer.zero_grad()"


def test_lines_are_traced_back() -> None:
    text = loop(
        "optimizer.zero_grad()",
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "loss.backward()",
        GUARD,
        "    optimizer.step()",
    )
    (finding,) = [one for one in analyse(text, "x.py").findings if one.code == "ACC002"]
    (fix,) = fixes_for(text, "x.py", [finding])
    assert fix is not None
    old, new = text.split("\n"), apply(text, fix.edits).split("\n")
    for line, origin in enumerate(line_origins(text, fix.edits), start=1):
        assert origin is None or old[origin - 1] == new[line - 1]


def branches(*lines: str, name: str = "amp") -> str:
    return loop("loss = model(x).pow(2).mean()", *lines).replace("loader =", f"{name} = input() == 'y'\nloader =")


def test_branches_that_all_step_are_cleared_behind_once() -> None:
    text = branches("loss.backward()", "if amp:", "    optimizer.step()", "else:", "    optimizer.step()", "print(loss)")
    after, fix = fixed(text, "ACC001")
    assert fix is not None
    assert after == text.replace("    print(loss)", "    optimizer.zero_grad()\n    print(loss)")


def test_gradients_that_are_not_finite_are_cleared_too() -> None:
    text = loop("loss = model(x).pow(2).mean()", "loss.backward()", "if torch.isfinite(loss):", "    optimizer.step()")
    after, _ = fixed(text, "ACC001")
    assert after == text + "    optimizer.zero_grad()\n"


def test_the_loss_is_divided_in_every_branch_and_before_apex_scales_it() -> None:
    scaled = "    with amp.scale_loss({}, optimizer) as scaled_loss:"
    lines = ("if amp:", scaled, "        scaled_loss.backward()", "else:", "    {}.backward()", GUARD, *STEP)
    text = branches(*(line.format("loss") for line in lines))
    after, fix = fixed(text, "ACC003")
    assert fix is not None
    assert fix.applicability is Applicability.SAFE
    assert after == text.replace("scale_loss(loss", "scale_loss(loss / accumulation_steps").replace(
        "    loss.backward()", "    (loss / accumulation_steps).backward()"
    )


def test_a_loss_that_the_log_multiplies_is_divided_itself() -> None:
    text = loop(
        "loss = model(x).pow(2).mean()", "loss.backward()", "print(loss.item() * accumulation_steps)", GUARD, *STEP
    )  # fmt: skip
    after, _ = fixed(text, "ACC003")
    assert after == text.replace("    loss.backward()", "    loss = loss / accumulation_steps\n    loss.backward()")


WINDOW = "(i + 1) % accumulation_steps == 0"


def test_every_use_of_the_same_test_learns_of_the_last_batch() -> None:
    text = loop(
        "loss = model(x).pow(2).mean() / accumulation_steps",
        f"loss_scaler(loss, optimizer, update_grad={WINDOW})",
        f"if {WINDOW}:",
        "    optimizer.zero_grad()",
        f"if {WINDOW}:",
        "    print(loss)",
    ).replace("loader =", "loss_scaler = NativeScaler()\nloader =")
    after, fix = fixed(text, "ACC004")
    last = f"{WINDOW} or i + 1 == len(loader)"
    assert fix is not None
    assert after == text.replace(WINDOW, last, 2)


def test_a_schedule_that_is_made_for_full_windows_only() -> None:
    text = loop(
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "loss.backward()",
        f"if {WINDOW}:",
        *STEP,
        "    scheduler.step()",
    ).replace("for i,", "scheduler = OneCycleLR(optimizer, 0.1, len(loader) // accumulation_steps)\nfor i,")
    _, floor = fixed(text, "ACC004")
    _, ceil = fixed(text.replace("len(loader) // accumulation_steps", "math.ceil(len(loader) / accumulation_steps)"), "ACC004")
    assert floor is not None
    assert floor.reason == "line 7 counts the steps without the last window: a schedule for so many ends too early"
    assert ceil is not None
    assert ceil.applicability is Applicability.SAFE


def test_a_comment_that_says_what_the_clear_does_goes_with_it_and_code_that_is_out_stays() -> None:
    text = loop(
        "# import ipdb; ipdb.set_trace()",
        "# zero the parameter gradients",
        "optimizer.zero_grad()",
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "loss.backward()",
        GUARD,
        *STEP,
    )
    after, fix = fixed(text, "ACC002")
    assert fix is not None
    assert fix.applicability is Applicability.SAFE
    assert after == text.replace("    # zero the parameter gradients\n    optimizer.zero_grad()\n", "")


@pytest.mark.parametrize("name", ["flag", "scaler", "flush_in_guard", "flush_after_loop", "unconditional_flush"])
def test_a_short_window_is_divided_by_its_length(name: str) -> None:
    text = without_marks((FIXTURES / "wrong" / f"acc015_{name}.py").read_text())
    found = [one for one in analyse(text, "x.py").findings if one.code == "ACC015"]
    (fix,) = fixes_for(text, "x.py", found)
    assert fix is not None
    assert fix.applicability is Applicability.SAFE
    assert not [one for one in analyse(apply(text, fix.edits), "x.py").findings if one.code == "ACC015"]


def test_functions_that_a_fix_is_not_about_keep_their_lines() -> None:
    text = 'def f(\n    a,\n):\n    """x"""\n    return a\n\n\ndef g(a): return a\n\n\nclass C:\n    def h(self):\n        @f\n        def i(): ...\n'
    assert focused(text, [5]) == text
    assert focused(text, []) == text.replace('    """x"""\n    return a\n', "    pass\n\n")


def test_long_lists_that_a_fix_is_not_about_keep_their_place() -> None:
    items = ", ".join(map(str, range(LONG + 1)))
    text = f"é = [{items}]; b = 1\nd = {{\n    'a': [{items}],\n    'b': 2,\n}}\ne = {{'c': [\n  {items}\n]}}\n"
    assert focused(text, [1, 2, 3, 6, 7]) == text
    hollow = " " * len(items)
    left = f"é = [{hollow}]; b = 1\nd = {{\n    'a': [{hollow}],\n    'b': 2,\n}}\ne = {{'c': [\n\n]}}\n"
    assert focused(text, []) == left


def test_gradients_are_exchanged_on_the_last_batch_too() -> None:
    sync = "model.require_backward_grad_sync = "
    text = loop(
        f"{sync}{WINDOW}", "loss = model(x).pow(2).mean() / accumulation_steps", "loss.backward()", f"if {WINDOW}:", *STEP
    )  # fmt: skip
    after, fix = fixed(text, "ACC004")
    assert fix is not None
    assert fix.applicability is Applicability.SAFE
    assert after == text.replace(WINDOW, f"{WINDOW} or i + 1 == len(loader)")
    _, unsafe = fixed(text.replace(f"{sync}{WINDOW}", f"{sync}i % 4 == 3"), "ACC004")
    assert unsafe is not None
    assert unsafe.reason.startswith("line 8 decides about `require_backward_grad_sync`")


def test_a_flush_behind_the_loop_asks_what_the_guard_asked_around_it() -> None:
    body = (
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "if training:",
        "    loss.backward()",
        "    if (count + 1) % accumulation_steps == 0:",
        "        optimizer.step()",
        "        optimizer.zero_grad()",
        "count += 1",
    )
    text = loop(*body).replace("for i, (x, y) in enumerate(loader)", "count, training = 0, True\nfor x, y in loader")
    after, fix = fixed(text, "ACC004")
    assert fix is not None
    assert after == text + ("if training and count % accumulation_steps != 0:\n    optimizer.step()\n    optimizer.zero_grad()\n")


def test_a_clear_between_two_losses_is_for_the_author_to_move() -> None:
    text = loop(
        "model(x).pow(2).mean().backward()", "optimizer.zero_grad()", "model(y).pow(2).mean().backward()", "optimizer.step()"
    )  # fmt: skip
    _, fix = fixed(text, "ACC002")
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    assert fix.reason.startswith("whether the first loss is left over")


def test_a_clear_in_the_midst_of_a_turn_is_for_the_author_to_move() -> None:
    text = (FIXTURES.parent / "tests" / "spellings" / "wrong" / "attack_clears_the_window.py").read_text()
    _, fix = fixed(text, "ACC002")
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE


def test_a_window_that_a_clear_erases_is_divided_with_the_clear_moved_only() -> None:
    text = loop(
        "optimizer.zero_grad()", "model(x).pow(2).mean().backward()", f"if {WINDOW}:", "    optimizer.step()"
    )  # fmt: skip
    _, fix = fixed(text, "ACC003")
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    assert fix.reason.startswith("as long as a clear erases the window")


def test_a_clear_that_an_unknown_loop_may_have_is_for_the_author_to_add() -> None:
    text = (FIXTURES.parent / "tests" / "spellings" / "wrong" / "no_heir_and_no_caller_clears.py").read_text()
    _, fix = fixed(text, "ACC001")
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    assert fix.reason == "which loop calls `train_step` is not known, and it may clear"
