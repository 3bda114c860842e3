import torch


def train(gen, disc, loader, bce, disc_train_interval, disc_train_steps, epochs):
    disc_opt = torch.optim.Adam(disc.parameters())
    gen_opt = torch.optim.Adam(gen.parameters())
    step = 0
    for epoch in range(epochs):
        for real in loader:
            gen_opt.zero_grad()
            fake = gen(torch.randn(len(real), 64))
            bce(disc(fake), torch.ones(len(real), 1)).backward()  # also fills disc's .grad
            gen_opt.step()
            if step % disc_train_interval == 0:  # an n_critic gate
                for _ in range(disc_train_steps):
                    disc_opt.zero_grad()  # throws that away
                    loss = bce(disc(real), torch.ones(len(real), 1)) + bce(disc(fake.detach()), torch.zeros(len(real), 1))
                    loss.backward()
                    disc_opt.step()
            step += 1
