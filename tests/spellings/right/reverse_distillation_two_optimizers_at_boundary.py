import torch


def train(proj_layer, bn, decoder, encoder, train_dataloader, loss_distill, proj_loss, num_epoch, accumulation_steps=2):
    optimizer_proj = torch.optim.Adam(list(proj_layer.parameters()), lr=0.001, betas=(0.5, 0.999))
    optimizer_distill = torch.optim.Adam(list(decoder.parameters()) + list(bn.parameters()), lr=0.005, betas=(0.5, 0.999))
    for epoch in range(1, num_epoch + 1):
        proj_layer.train()
        bn.train()
        decoder.train()
        for i, (img, img_noise, _) in enumerate(train_dataloader):
            with torch.no_grad():
                inputs = encoder(img)
                inputs_noise = encoder(img_noise)
            feature_space_noise, feature_space = proj_layer(inputs, features_noise=inputs_noise)
            L_proj = proj_loss(inputs_noise, feature_space_noise, feature_space)
            outputs = decoder(bn(feature_space))
            L_distill = loss_distill(inputs, outputs)
            loss = (L_distill + 0.2 * L_proj) / accumulation_steps
            loss.backward()
            if (i + 1) % accumulation_steps == 0 or (i + 1) == len(train_dataloader):
                optimizer_proj.step()
                optimizer_distill.step()
                optimizer_proj.zero_grad()
                optimizer_distill.zero_grad()
