import torch


class Agent:
    capacity = 8000
    count = 0
    gamma = 0.99

    def __init__(self, net, target):
        self.net, self.target = net, target
        self.memory = [None] * self.capacity
        self.optimizer = torch.optim.Adam(net.parameters(), 1e-3)

    def store(self, transition):
        self.memory[self.count % self.capacity] = transition
        self.count += 1

    def update(self, sampler):
        if self.count >= self.capacity:
            for index in sampler:
                state, action, reward, after = self.batch(index)
                wanted = reward + self.gamma * self.target(after).max(1)[0].detach()
                loss = torch.nn.functional.mse_loss(self.net(state).gather(1, action), wanted.unsqueeze(1))
                loss.backward()
                self.optimizer.step()  # expect: ACC001
        else:
            print("too little to learn from")


def main(env, net, target, sampler):
    agent = Agent(net, target)
    for episode in range(100):
        state = env.reset()
        for t in range(200):
            after, reward, done = env.step(net(state).argmax())
            agent.store((state, reward, after))
            state = after
            agent.update(sampler)
