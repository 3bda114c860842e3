import torch


def train(generator, discriminator, dataloader, opt):
    L1Loss = torch.nn.L1Loss()
    MSELoss = torch.nn.MSELoss()
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=opt.lr_g)
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=opt.lr_d)
    for epoch in range(opt.epochs):
        for batch_idx, (img, mask) in enumerate(dataloader):
            second_out = generator(img, mask)
            optimizer_d.zero_grad()
            fake_scalar = discriminator(second_out.detach(), mask)
            true_scalar = discriminator(img, mask)
            loss_D = 0.5 * (MSELoss(fake_scalar, torch.zeros_like(fake_scalar)) + MSELoss(true_scalar, torch.ones_like(true_scalar)))
            loss_D.backward()
            optimizer_d.step()

            optimizer_g.zero_grad()
            fake_scalar = discriminator(second_out, mask)
            loss = L1Loss(second_out, img) + 0.1 * MSELoss(fake_scalar, torch.ones_like(fake_scalar))
            loss.backward()
            optimizer_g.step()
