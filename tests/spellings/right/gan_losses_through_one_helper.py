import torch


def accumulate(compute, chunks):
    for chunk in chunks:
        (compute(chunk) / len(chunks)).backward()


def train(generator, critic, batches, iterations, n):
    optimizer_g = torch.optim.Adam(generator.parameters())
    optimizer_c = torch.optim.Adam(critic.parameters())

    def loss_of_critic(x):
        return critic(generator(x).detach()).mean() - critic(x).mean()

    def loss_of_generator(x):
        return -critic(generator(x)).mean()

    for _ in range(iterations):
        chunks = next(batches).chunk(n)
        optimizer_c.zero_grad()
        accumulate(loss_of_critic, chunks)
        optimizer_c.step()
        optimizer_g.zero_grad()
        accumulate(loss_of_generator, chunks)
        optimizer_g.step()
