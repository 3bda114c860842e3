"""The gradients of the parameters in a list that was filled under conditions are dropped: the others are trained."""

import torch


class Trust:
    def actor_parameters(self, kl):
        found = []
        for name, param in self.policy.named_parameters():
            if "value" in name:
                continue
            gradient, *_ = torch.autograd.grad(kl, param, retain_graph=True, allow_unused=True)
            if gradient is not None:
                found.append(param)
        return found

    def train(self, buffer, updates):
        optimizer = torch.optim.Adam(self.policy.parameters())
        actor = self.actor_parameters(self.policy.kl(buffer.all()))
        critic = [param for name, param in self.policy.named_parameters() if "value" in name]
        for _ in range(updates):
            for batch in buffer.get(64):
                optimizer.zero_grad()
                torch.nn.functional.mse_loss(self.policy.values(batch.x), batch.y).backward()
                for param in actor:
                    param.grad = None
                optimizer.step()
                optimizer.zero_grad()
                self.policy.surrogate(batch).backward()
                for param in critic:
                    param.grad = None
                optimizer.step()
