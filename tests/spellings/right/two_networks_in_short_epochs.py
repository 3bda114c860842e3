"""Two networks, each with an optimizer from outside: an epoch shorter than a window has no step of one, and its losses feed no other."""


def train(generator, discriminator, loader, criterion, g_optimizer, d_optimizer, args):
    for _ in range(args.epochs):
        for i, x in enumerate(loader):
            fake = generator(x)
            d_optimizer.zero_grad()
            (criterion(discriminator(x), 1) + criterion(discriminator(fake.detach()), 0)).backward()
            d_optimizer.step()
            discriminator.requires_grad_(False)
            (criterion(discriminator(fake), 1) / args.accumulation_steps).backward()
            discriminator.requires_grad_(True)
            if (i + 1) % args.accumulation_steps == 0 or i + 1 == len(loader):
                g_optimizer.step()
                g_optimizer.zero_grad()
