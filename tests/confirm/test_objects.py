"""Objects of the program's own classes: each has its own parameters, and what one is given is not spent by the other."""

from __future__ import annotations

import pytest

from accumlint.confirm.replay import replay
from accumlint.confirm.verdict import told
from accumlint.ledger import Scenario

pytestmark = pytest.mark.torch
LOOP = """
import torch
from torch import nn
import torch.nn.functional as F
{classes}
for x, y in loader:
    loss = F.mse_loss({first}(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    other = F.mse_loss({second}(x), y)
    other.backward()
    optimizer.step()
"""
AGENTS = """
class Agent:
    def __init__(self, size):
        self.net = make_net(size)
        self.optimizer = torch.optim.Adam(self.net.parameters())

    def learn(self, x, y):
        loss = F.mse_loss(self.net(x), y)
        loss.backward()
        self.optimizer.step()

first, second = Agent(3), Agent(4)
optimizer = first.optimizer
"""
HEIRS = """
class Base(nn.Module):
    def judge(self, x):
        return self.forward(x)

class Actor(Base):
    def forward(self, x):
        return self.layer(x)

class Critic(Base):
    def forward(self, x):
        return self.layer(x)

actor, critic = Actor(), Critic()
optimizer = torch.optim.Adam(actor.parameters())
critic_optimizer = torch.optim.Adam(critic.parameters())
"""


@pytest.mark.parametrize(
    ("classes", "first", "second"),
    [(AGENTS, "first.net", "second.net"), (HEIRS, "actor.judge", "critic.judge")],
    ids=["two of one class", "heirs of one network"],
)
def test_two_objects_share_no_parameters(classes: str, first: str, second: str) -> None:
    """The second step of a turn finds nothing but what the first has spent: the other loss is not its business."""
    text = LOOP.format(classes=classes, first=first, second=second)
    ledgers = replay(text, "loop.py", "<module>", 1, Scenario(None, 3, 1))
    assert "1 ; 1* ; 1 ; 1* ; 1 ; 1*" in {told(ledger) for ledger in ledgers if list(ledger.spends)}


def test_one_object_under_two_names_is_one() -> None:
    text = LOOP.format(
        classes=AGENTS.replace("Agent(3), Agent(4)", "(one := Agent(3)), one"), first="first.net", second="second.net"
    )
    ledgers = replay(text, "loop.py", "<module>", 1, Scenario(None, 3, 1))
    assert "1 ; 1* 1 ; 1 ; 1* 1 ; 1 ; 1* 1" in {told(ledger).replace("1 1*", "1* 1") for ledger in ledgers if list(ledger.spends)}
