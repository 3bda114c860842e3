"""REINFORCE: the baseline is a moving average of what the outside pays, weighed down in every turn."""

from torch.optim import Adam


class Average:
    def __init__(self, momentum):
        self._numerator, self._denominator, self._momentum = 0, 0, momentum

    def update(self, value):
        self._numerator = self._momentum * self._numerator + (1 - self._momentum) * value
        self._denominator = self._momentum * self._denominator + (1 - self._momentum)

    def value(self):
        return self._numerator / self._denominator


def main(args, policy, api):
    optimizer = Adam(policy.parameters(), lr=args.lr)
    baseline = Average(args.momentum)
    for _ in range(args.turns):
        log_prob, action = policy.select_action()
        reward, _ = api.simulate(policy.generate(action), args.dataset)
        baseline.update(reward)
        loss = (-log_prob * (reward - baseline.value())).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
