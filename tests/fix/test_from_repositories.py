"""What reading fixes of real repositories as their authors would has taught: each is a loop that one of them has, made small."""

from __future__ import annotations

import pytest

from accumlint.fix import Applicability

from .test_edits import HEAD, STEP, WINDOW, branches, fixed, loop

LOSS = "loss = model(x).pow(2).mean() / accumulation_steps"
LAST = "i + 1 == len(loader)"


def is_safe(text: str, code: str) -> str:
    """The text with its fix made, which must be safe."""
    after, fix = fixed(text, code)
    assert fix is not None
    assert fix.applicability is Applicability.SAFE, fix.reason
    return after


def reason(text: str, code: str) -> str:
    _, fix = fixed(text, code)
    assert fix is not None
    return fix.reason


@pytest.mark.parametrize(
    ("head", "test"),
    [
        ("for i in range(len(loader)):", "i + 1 == len(loader)"),
        ("for i in range(1, len(loader) + 1):", "i == len(loader)"),
        ("bar = tqdm(range(len(loader)))\nfor i in bar:", "i + 1 == len(loader)"),
        ("batches = tqdm(enumerate(loader)) if main else enumerate(loader)\nfor i, _ in batches:", "i + 1 == len(loader)"),
    ],
)
def test_the_last_batch_of_a_loop_that_counts(head: str, test: str) -> None:
    guard = "if (i + 1) % accumulation_steps == 0" if "+ 1 ==" in test else "if i % accumulation_steps == 0"
    text = "from tqdm import tqdm\n" + loop("x = next(batches_of_loader)", LOSS, "loss.backward()", f"{guard}:", *STEP)
    text = text.replace("for i, (x, y) in enumerate(loader):", f"main = True\nbatches_of_loader = iter(loader)\n{head}")
    assert is_safe(text, "ACC004") == text.replace(guard, f"{guard} or {test}")


def test_the_same_guard_in_each_branch_learns_of_the_last_batch() -> None:
    text = loop(
        "loss = model(x).pow(2).mean() / accumulation_steps",
        "if amp:",
        "    scaler.scale(loss).backward()",
        f"    if {WINDOW}:",
        "        scaler.step(optimizer)",
        "        scaler.update()",
        "        optimizer.zero_grad()",
        "else:",
        "    loss.backward()",
        f"    if {WINDOW}:",
        *(f"    {line}" for line in STEP),
    ).replace("loader =", "amp = input() == 'y'\nscaler = torch.amp.GradScaler()\nloader =")
    assert is_safe(text, "ACC004") == text.replace(WINDOW, f"{WINDOW} or {LAST}")


def test_a_flush_for_the_other_branch_asks_for_the_opposite() -> None:
    text = (
        loop(
            LOSS,
            "if frozen:",
            "    print(loss)",
            "else:",
            "    loss.backward()",
            "    count += 1",
            "    if count == accumulation_steps:",
            *(f"    {line}" for line in STEP),
            "        count = 0",
        )
        .replace("enumerate(loader)", "loader")
        .replace("for i, (x, y)", "frozen = input() == 'y'\ncount = 0\nfor x, y")
    )
    assert is_safe(text, "ACC004").startswith(text + "if not frozen and count > 0:\n    optimizer.step()\n")


@pytest.mark.parametrize(
    "steps",
    [
        "int(examples / batch_size / accumulation_steps) * epochs",
        "len(loader) // args['accumulation_steps']",
        "int(len(loader) / (batch_size * accumulation_steps))",
    ],
)
def test_what_counts_full_windows_makes_a_flush_unsafe(steps: str) -> None:
    text = loop(LOSS, "loss.backward()", f"if {WINDOW}:", *STEP, "    set_rate(i / total)").replace(
        "for i,", f"total = {steps}\nfor i,"
    )
    assert reason(text, "ACC004") == "line 7 counts the steps without the last window: a schedule for so many ends too early"


@pytest.mark.parametrize(
    "steps", ["(len(loader) + accumulation_steps - 1) // accumulation_steps", "-(-len(loader) // accumulation_steps)"]
)
def test_what_is_rounded_up_counts_the_last_window(steps: str) -> None:
    text = loop(LOSS, "loss.backward()", f"if {WINDOW}:", *STEP, "    set_rate(i / total)").replace(
        "for i,", f"total = {steps}\nfor i,"
    )
    assert f"{WINDOW} or {LAST}" in is_safe(text, "ACC004")


def test_a_schedule_that_another_file_makes() -> None:
    text = loop(LOSS, "loss.backward()", f"if {WINDOW}:", *STEP, "    scheduler.step()").replace(
        "for i,", "from schedules import scheduler\n\nfor i,"
    )
    assert reason(text, "ACC004") == "`scheduler` is made elsewhere: it may count the steps without the last window"


def test_a_length_that_is_taken_only_where_there_is_one_is_none_to_count_on() -> None:
    text = loop(LOSS, "loss.backward()", f"if {WINDOW}:", *STEP).replace("torch.utils.data.DataLoader(dataset)", "stream()")
    total = "total = None if isinstance(loader.dataset, IterableDataset) else len(loader)\nfor i"
    assert reason(text.replace("for i", total), "ACC004") == "`loader` may have no length"
    assert f"{WINDOW} or {LAST}" in is_safe(text.replace("for i", "print(len(loader))\nfor i"), "ACC004")


def test_a_flag_with_a_type_and_what_else_is_told_the_same_or_the_opposite() -> None:
    opposite = WINDOW.replace("==", "!=").replace(" + ", "+")
    text = loop(
        LOSS,
        f"full: bool = {WINDOW}",
        f"delayed = {opposite}",
        "with model.no_sync() if delayed else nullcontext():",
        "    loss.backward()",
        "if full:",
        *STEP,
    )
    later = f"{opposite} and {LAST.replace('==', '!=')}"
    assert is_safe(text, "ACC004") == text.replace(WINDOW, f"{WINDOW} or {LAST}").replace(opposite, later)


def test_a_branch_that_clears_by_itself_needs_no_second_clear() -> None:
    text = branches(
        "if amp:",
        "    optimizer.zero_grad()",
        "    scaler.scale(loss).backward()",
        "    scaler.step(optimizer)",
        "    scaler.update()",
        "else:",
        "    loss.backward()",
        "    optimizer.step()",
        "print(loss)",
    ).replace("loader =", "scaler = torch.amp.GradScaler()\nloader =")
    assert is_safe(text, "ACC001") == text.replace(
        "        optimizer.step()\n", "        optimizer.step()\n        optimizer.zero_grad()\n"
    )


def test_a_models_clear_becomes_the_prepared_optimizers_where_it_stands() -> None:
    text = (
        HEAD.replace("import torch\n", "import torch\nfrom accelerate import Accelerator\n")
        + """\
accelerator = Accelerator(gradient_accumulation_steps=accumulation_steps)
model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
for x, y in loader:
    with accelerator.accumulate(model):
        accelerator.backward(model(x).mean())
        optimizer.step()
        print(x)
        model.zero_grad()
"""
    )
    assert is_safe(text, "ACC002") == text.replace("model.zero_grad()", "optimizer.zero_grad()")


def test_a_last_batch_that_counts_in_short_epochs_only() -> None:
    guard = f"if {WINDOW} or (\n        # short epochs\n        len(loader) <= accumulation_steps\n        and ({LAST})\n    ):"
    text = loop(LOSS, "loss.backward()", guard, *STEP)
    after = is_safe(text, "ACC004")
    assert after == text.replace("        len(loader) <= accumulation_steps\n        and (", "        (")


def test_a_window_that_is_computed() -> None:
    text = loop(
        "loss = model(x).pow(2).mean()", "loss.backward()", "if (i + 1) % (batch_size // 4) == 0 or i + 1 == len(loader):", *STEP
    ).replace("accumulation_steps = 4", "batch_size = 64")
    assert is_safe(text, "ACC003") == text.replace("loss.backward()", "(loss / (batch_size // 4)).backward()")


def test_a_second_division_by_another_name_of_the_window() -> None:
    text = (
        loop("loss = model(x).pow(2).mean() / n", "accelerator.backward(loss)", *(line.strip() for line in STEP))
        .replace("import torch\n", "import torch\nfrom accelerate import Accelerator\n")
        .replace(
            "loader = torch",
            "accelerator = Accelerator(gradient_accumulation_steps=accumulation_steps)\nn = accumulation_steps\nloader = torch",
        )
        .replace("    loss", "    with accelerator.accumulate(model):\n        loss")
        .replace("\n    accelerator.", "\n        accelerator.")
        .replace("\n    optimizer.", "\n        optimizer.")
        .replace("for i", "model, optimizer, loader = accelerator.prepare(model, optimizer, loader)\nfor i")
    )
    assert is_safe(text, "ACC014") == text.replace(".mean() / n", ".mean()")
    logged = text + "    shown = loss.item() * n\n"
    assert reason(logged, "ACC014") == "line 17 reads the loss: it will see it undivided"


def test_a_clear_comes_after_all_the_steps() -> None:
    text = loop(
        "loss = (model(x) + other(x)).pow(2).mean()",
        "loss.backward()",
        "optimizer.step()",
        "second_optimizer.step()",
        "print(loss)",
    ).replace("loader =", "other = torch.nn.Linear(2, 1)\nsecond_optimizer = torch.optim.SGD(other.parameters())\nloader =")
    once = text.replace("    print", "    optimizer.zero_grad()\n    print")
    assert is_safe(text, "ACC001") == once
    assert is_safe(once, "ACC001") == once.replace("    optimizer.zero", "    second_optimizer.zero_grad()\n    optimizer.zero")


def test_a_clear_that_opens_the_body_moves_rather_than_comes_twice() -> None:
    first = "for x in warm_up:\n    optimizer.zero_grad()\n    model(x).mean().backward()\n    optimizer.step()\n"
    text = HEAD + first + "for x in loader:\n    model(x).mean().backward()\n    optimizer.step()\n    optimizer.zero_grad()\n"
    moved = first.replace("    optimizer.zero_grad()\n", "") + "    optimizer.zero_grad()\n"
    assert is_safe(text, "ACC001") == text.replace(first, moved)


def test_a_flush_that_leaves_its_counter_where_it_is() -> None:
    flush = "    if count % accumulation_steps != 0:\n        optimizer.step()\n        optimizer.zero_grad()\n"
    body = loop(LOSS, "loss.backward()", "count += 1", "if count % accumulation_steps == 0:", *STEP).replace(HEAD, "")
    text = HEAD + "count = 0\nfor epoch in range(2):\n" + "".join(f"    {line}\n" for line in body.splitlines()) + flush
    assert is_safe(text, "ACC016") == text + "        count = 0\n"
    assert reason(text + "    print(count)\n", "ACC016") == "line 19 reads `count`: it will see it counted from 0 again"


def test_a_test_that_is_wrong_is_wrong_wherever_it_decides() -> None:
    wrong = "i % accumulation_steps == 0"
    text = loop(
        LOSS,
        "if amp:",
        f"    scaler(loss, optimizer, {wrong})",
        "else:",
        "    loss.backward()",
        f"    if {wrong}:",
        *(f"    {line}" for line in STEP),
        f"if {wrong}:",
        "    print(loss)",
    ).replace("loader =", "amp = input() == 'y'\nscaler = NativeScaler()\nloader =")
    assert is_safe(text, "ACC016") == text.replace(wrong, WINDOW, 2)


def test_windows_that_are_counted_over_the_epochs_are_not_counted_anew_unseen() -> None:
    body = loop(LOSS, "done = len(loader) * epoch + i", "loss.backward()", "if done % accumulation_steps == 0:", *STEP)
    text = HEAD + "for epoch in range(1, 3):\n" + "".join(f"    {line}\n" for line in body.replace(HEAD, "").splitlines())
    after, fix = fixed(text, "ACC016")
    assert fix is not None
    assert fix.reason == "windows are then counted in each epoch anew"
    assert after == text.replace("done % acc", "(i + 1) % acc")


def test_a_step_that_is_behind_a_log_guard_with_its_conditions() -> None:
    text = loop(
        LOSS,
        "loss.backward()",
        f"if {WINDOW}:",
        "    done += 1",
        "    if done % 10 == 0:",
        "        print(loss)",
        "        if optimizer is not None:",
        "            optimizer.step()",
        "            optimizer.zero_grad()",
    ).replace("for i", "done = 0\nfor i")
    after, fix = fixed(text, "ACC016")
    assert fix is not None
    assert after == text.replace("            if optimizer", "        if optimizer").replace(
        "                optimizer.", "            optimizer."
    )


def test_the_whole_step_moves_behind_the_window() -> None:
    text = (
        HEAD
        + """\
for i in range(100):
    for _ in range(accumulation_steps):
        loss = model(next(batches)).pow(2).mean()
        (loss / accumulation_steps).backward()

        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)

        optimizer.step()
        optimizer.zero_grad()

    print(loss)
""".replace("for i", "batches = iter(loader)\nfor i")
    )
    assert is_safe(text, "ACC005") == text.replace("        torch.nn", "    torch.nn").replace(
        "        optimizer.", "    optimizer."
    )


@pytest.mark.parametrize(
    ("test", "becomes"),
    [
        (f"not log.paused and {WINDOW}", f"not log.paused and ({WINDOW} or {LAST})"),
        (f"{WINDOW} and torch.isfinite(loss)", f"({WINDOW} or {LAST}) and torch.isfinite(loss)"),
        (f"not (log.going and {WINDOW})", f"not (log.going and ({WINDOW} or {LAST}))"),
        (
            f"log.paused or {WINDOW.replace('==', '!=')}",
            f"log.paused or ({WINDOW.replace('==', '!=')} and {LAST.replace('==', '!=')})",
        ),
    ],
)
def test_what_else_a_guard_asks_for_is_asked_on_the_last_batch_too(test: str, becomes: str) -> None:
    skips = test.startswith(("not (", "log."))
    guarded = (f"if {test}:", "    continue", *(line.strip() for line in STEP)) if skips else (f"if {test}:", *STEP)
    text = loop(LOSS, "loss.backward()", *guarded).replace("loader =", "log = Log()\nloader =")
    assert is_safe(text, "ACC004") == text.replace(test, becomes)


def test_what_else_a_guard_asks_for_is_kept_where_its_arithmetic_changes() -> None:
    text = loop(LOSS, "loss.backward()", f"if not log.paused and i % accumulation_steps == 0 or {LAST}:", *STEP)
    text = text.replace("loader =", "log = Log()\nloader =")
    assert is_safe(text, "ACC016") == text.replace("i % accumulation_steps", "(i + 1) % accumulation_steps")


@pytest.mark.parametrize("exception", ["{} and i > 0", "i != 0 and {}"])
def test_counted_from_1_the_first_batch_needs_no_exception(exception: str) -> None:
    test = exception.format("i % accumulation_steps == 0")
    text = loop(LOSS, "loss.backward()", f"if {test}:", *STEP)
    assert is_safe(text, "ACC016") == text.replace(test, WINDOW)


def test_a_window_that_may_be_none_divides_where_there_is_one() -> None:
    text = loop("loss = model(x).pow(2).mean()", "loss.backward()", f"if not accumulation_steps or {WINDOW} or {LAST}:", *STEP)
    assert is_safe(text, "ACC003") == text.replace("loss.backward()", "(loss / (accumulation_steps or 1)).backward()")


GAN = f"""\
import torch
from torch.nn.functional import mse_loss

accumulation_steps = 4
G, D = torch.nn.Linear(2, 2), torch.nn.Linear(2, 1)
opt_g, opt_d = torch.optim.Adam(G.parameters()), torch.optim.Adam(D.parameters())
loader = torch.utils.data.DataLoader(dataset)
for i, (x, y) in enumerate(loader):
    fake = G(x)
    loss = GENERATORS / accumulation_steps
    loss.backward()
    if {WINDOW} or {LAST}:
        opt_g.step()
        opt_g.zero_grad()
    own = (mse_loss(D(y), 1) + mse_loss(D(fake.detach()), 0)) / accumulation_steps
    opt_d.zero_grad()
    own.backward()
    if {WINDOW} or {LAST}:
        opt_d.step()
"""


def test_a_clear_that_keeps_another_optimizers_gradients_out_stays() -> None:
    _, fix = fixed(GAN.replace("GENERATORS", "mse_loss(D(fake), 1)"), "ACC002")
    assert fix is None


def test_a_clear_that_may_keep_another_optimizers_gradients_out() -> None:
    why = "what line 11 leaves in these gradients, if anything, would no longer be cleared"
    assert reason(GAN.replace("GENERATORS", "mse_loss(fake, x)"), "ACC002") == why


def test_a_clear_beside_a_fused_call_learns_of_the_last_batch_too() -> None:
    text = (
        HEAD
        + f"""\
loss_scaler = NativeScaler()
for i, (x, y) in enumerate(loader):
    {LOSS}
    if amp:
        loss_scaler(loss, optimizer, parameters=model.parameters(), update_grad={WINDOW})
        if {WINDOW}:
            optimizer.zero_grad()
    else:
        loss.backward()
        if {WINDOW}:
            optimizer.step()
            optimizer.zero_grad()
"""
    ).replace("loader =", "amp = input() == 'y'\nloader =")
    assert is_safe(text, "ACC004") == text.replace(WINDOW, f"{WINDOW} or {LAST}")


def test_a_clear_moves_with_its_arguments() -> None:
    clear = "optimizer.zero_grad(set_to_none=True)"
    steps = ("if scaler:", "    scaler.step(optimizer)", "    scaler.update()", "else:", "    optimizer.step()")
    text = loop(clear, LOSS, "loss.backward()", f"if {WINDOW} or {LAST}:", *(f"    {line}" for line in steps))
    text = text.replace("loader =", "scaler = torch.amp.GradScaler() if input() else None\nloader =")
    assert is_safe(text, "ACC002") == text.replace(f"    {clear}\n", "") + f"        {clear}\n"


def test_two_remainders_that_a_step_hangs_on() -> None:
    text = loop(
        "loss = model(x).pow(2).mean()",
        "loss.backward()",
        "if (i + 1) % accumulation_steps == 0:",
        "    if (i + 1) % 10 == 0:",
        "        optimizer.step()",
        "        optimizer.zero_grad()",
    ).replace("loader =", "accumulation_steps = config.steps if input() else 4\nloader =")
    why = "the step hangs on `10` and `accumulation_steps`: which is the window, only its author knows"
    assert reason(text, "ACC003") == why


class TestLength:
    """What is seen to have no length gets the step again behind the loop."""

    CLASS = "class Batches:\n    def __iter__(self):\n        yield 1, 2\n\n\n"
    FUNCTION = "def batches():\n    for pair in dataset:\n        yield pair\n\n\n"

    @pytest.mark.parametrize(
        ("defined", "made"), [(CLASS, "Batches()"), (FUNCTION, "batches()"), ("", "iter(torch.utils.data.DataLoader(dataset))")]
    )
    def test_none(self, defined: str, made: str) -> None:
        text = loop(LOSS, "loss.backward()", f"if {WINDOW}:", *STEP)
        text = text.replace("accumulation_steps = 4", f"{defined}accumulation_steps = 4")
        text = text.replace("torch.utils.data.DataLoader(dataset)", made)
        after, fix = fixed(text, "ACC004")
        assert fix is not None
        assert fix.reason == "the index is unbound where the data is empty"
        assert after == text + f"if {WINDOW.replace('==', '!=')}:\n" + "".join(f"{line}\n" for line in STEP)

    def test_some(self) -> None:
        sized = self.CLASS.replace("\n\n\n", "\n\n    def __len__(self):\n        return 1\n\n\n")
        text = loop(LOSS, "loss.backward()", f"if {WINDOW}:", *STEP).replace(
            "accumulation_steps = 4", f"{sized}accumulation_steps = 4"
        )
        text = text.replace("torch.utils.data.DataLoader(dataset)", "Batches()")
        assert reason(text, "ACC004") == "`loader` may have no length"


def test_a_helper_that_decides_about_the_exchange() -> None:
    text = loop(LOSS, "with maybe_no_sync(model, i):", "    loss.backward()", f"if {WINDOW}:", *STEP)
    assert reason(text, "ACC004").startswith("line 9 decides about `maybe_no_sync`")


def test_a_choice_of_contexts_that_decides_about_the_exchange_learns_of_the_last_batch_too() -> None:
    opposite = WINDOW.replace("==", "!=")
    text = loop(LOSS, f"with ddp.no_sync() if {opposite} else nullcontext():", "    loss.backward()", f"if {WINDOW}:", *STEP)
    expected = text.replace(f"if {WINDOW}:", f"if {WINDOW} or {LAST}:").replace(
        f"if {opposite} else", f"if {opposite} and {LAST.replace('==', '!=')} else"
    )
    assert is_safe(text, "ACC004") == expected
