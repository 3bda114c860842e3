import torch


class Agent:
    def __init__(self, policy, loader, micro_steps):
        self.policy = policy
        self.loader = loader
        self.micro_steps = micro_steps
        self.optimizer = torch.optim.Adam(policy.parameters(), lr=1e-4)

    def accumulate(self, num_micro):
        for i, (x, y) in enumerate(self.loader):
            loss = torch.nn.functional.cross_entropy(self.policy(x), y)
            (loss / num_micro).backward()
            if i >= num_micro - 1:
                break

    def train(self, iterations):
        for _ in range(iterations):
            self.optimizer.zero_grad()
            self.accumulate(self.micro_steps)
            self.optimizer.step()
