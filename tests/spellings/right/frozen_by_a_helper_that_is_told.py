import itertools

import torch


def learns(network, flag):
    for parameter in network.parameters():
        parameter.requires_grad = flag


def train(generator, critic, loader, n):
    optimizer_g = torch.optim.Adam(generator.parameters())
    optimizer_c = torch.optim.Adam(critic.parameters())
    for i, x in enumerate(loader):
        fake = generator(x)
        learns(critic, False)
        if i % n == 0:
            optimizer_g.zero_grad()
        (-critic(fake).mean() / n).backward()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            optimizer_g.step()
        learns(critic, True)
        if i % n == 0:
            optimizer_c.zero_grad()
        ((critic(fake.detach()).mean() - critic(x).mean()) / n).backward()
        if (i + 1) % n == 0 or i + 1 == len(loader):
            optimizer_c.step()


class TwoCritics:
    def __init__(self, generator, first, second, n):
        self.generator, self.first, self.second = generator, first, second
        self.optimizer_g = torch.optim.Adam(generator.parameters())
        self.optimizer_c = torch.optim.Adam(itertools.chain(first.parameters(), second.parameters()))
        self.n, self.k = n, 0

    def critics_learn(self, flag):
        for critic in (self.first, self.second):
            critic.requires_grad_(flag)

    def step(self, x):
        begins, ends = self.k == 0, self.k == self.n - 1
        fake = self.generator(x)
        self.critics_learn(False)
        if begins:
            self.optimizer_g.zero_grad()
        ((-self.first(fake).mean() - self.second(fake).mean()) / self.n).backward()
        if ends:
            self.optimizer_g.step()
        self.critics_learn(True)
        if begins:
            self.optimizer_c.zero_grad()
        for critic in (self.first, self.second):
            ((critic(fake.detach()).mean() - critic(x).mean()) / self.n).backward()
        if ends:
            self.optimizer_c.step()
        self.k = (self.k + 1) % self.n


def train_two(pair: TwoCritics, loader):
    for x in loader:
        pair.step(x)
