"""A3C: the worker's own network is cleared and trained on; a function out of sight hands its gradients to the shared one."""

from player_util import Agent
from torch import nn, optim
from utils import ensure_shared_grads


def train(args, shared_model, env):
    optimizer = optim.RMSprop(shared_model.parameters(), lr=args.lr)
    player = Agent(None, env, args)
    player.model = nn.Linear(4, 2)
    while True:
        player.model.load_state_dict(shared_model.state_dict())
        for step in range(args.num_steps):
            player.act()
        policy_loss = 0
        for i in reversed(range(len(player.rewards))):
            policy_loss = policy_loss - player.log_probs[i].mean()
        player.model.zero_grad()
        policy_loss.backward()
        ensure_shared_grads(player.model, shared_model)
        optimizer.step()
