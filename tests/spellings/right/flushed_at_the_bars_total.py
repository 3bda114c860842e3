import torch.nn.functional as F
from tqdm import tqdm


def train(model, loader, opt, n):
    pbar = tqdm(enumerate(loader), total=len(loader))
    for i, (x, y) in pbar:
        loss = F.cross_entropy(model(x), y) / n
        loss.backward()
        pbar.set_postfix(loss=loss.item())
        if (i + 1) % n == 0 or i == pbar.total - 1:
            opt.step()
            opt.zero_grad()
