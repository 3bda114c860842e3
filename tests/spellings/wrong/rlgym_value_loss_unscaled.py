import numpy as np
import torch


class PPOLearner:
    def __init__(self, policy, value_net, batch_size, mini_batch_size, n_epochs, clip_range, ent_coef, lr):
        self.policy, self.value_net = policy, value_net
        self.policy_optimizer = torch.optim.Adam(self.policy.parameters(), lr=lr)
        self.value_optimizer = torch.optim.Adam(self.value_net.parameters(), lr=lr)
        self.batch_size, self.mini_batch_size, self.n_epochs = batch_size, mini_batch_size, n_epochs
        self.clip_range, self.ent_coef = clip_range, ent_coef
        self.value_loss_fn = torch.nn.MSELoss()

    def learn(self, exp):
        minibatch_ratio = self.mini_batch_size / self.batch_size
        for epoch in range(self.n_epochs):
            for batch in exp.get_all_batches_shuffled(self.batch_size):
                acts, old_probs, obs, target_values, advantages = batch
                self.policy_optimizer.zero_grad()
                self.value_optimizer.zero_grad()
                for start in range(0, self.batch_size, self.mini_batch_size):
                    stop = start + self.mini_batch_size
                    vals = self.value_net(obs[start:stop]).view_as(target_values[start:stop])
                    log_probs, entropy = self.policy.get_backprop_data(obs[start:stop], acts[start:stop])
                    ratio = torch.exp(log_probs - old_probs[start:stop])
                    clipped = torch.clamp(ratio, 1.0 - self.clip_range, 1.0 + self.clip_range)
                    adv = advantages[start:stop]
                    policy_loss = -torch.min(ratio * adv, clipped * adv).mean()
                    value_loss = self.value_loss_fn(vals, target_values[start:stop])
                    ppo_loss = (policy_loss - entropy * self.ent_coef) * minibatch_ratio
                    ppo_loss.backward()
                    value_loss.backward()  # expect: ACC003
                torch.nn.utils.clip_grad_norm_(self.value_net.parameters(), max_norm=0.5)
                torch.nn.utils.clip_grad_norm_(self.policy.parameters(), max_norm=0.5)
                self.policy_optimizer.step()
                self.value_optimizer.step()
