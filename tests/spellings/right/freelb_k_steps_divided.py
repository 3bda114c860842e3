import torch


def train(model, loader, optimizer, K=3, adv_lr=0.1):
    for batch in loader:
        embeds = model.get_input_embeddings()(batch["input_ids"])
        delta = torch.zeros_like(embeds).requires_grad_()
        for k in range(K):
            out = model(inputs_embeds=embeds.detach() + delta, labels=batch["labels"])
            loss = out.loss / K
            loss.backward()
            if k == K - 1:
                break
            g = delta.grad.clone().detach()
            delta = (delta + adv_lr * g / (g.norm() + 1e-8)).detach().requires_grad_()
        optimizer.step()
        optimizer.zero_grad()
