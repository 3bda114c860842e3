class Agent:
    def __init__(self, policy, target, optimizer):
        self.policy, self.target, self.optimizer = policy, target, optimizer

    def train_epoch(self, batches):
        for k, (state, reward, after) in enumerate(batches):
            wanted = reward + self.target(after).max(1).values.detach()
            loss = (self.policy(state).max(1).values - wanted).pow(2).mean()
            loss.backward()
            self.optimizer.step()  # expect: ACC001
            if k % 100 == 0:
                self.target.load_state_dict(self.policy.state_dict())
