import torch
import torch.nn.functional as F


def train(student, teacher, labeled, unlabeled, epochs, accum=2, alpha=0.99):
    opt = torch.optim.Adam(student.parameters())
    for p in teacher.parameters():
        p.requires_grad = False
    step = 0
    for epoch in range(epochs):
        pairs = zip(labeled, unlabeled)
        n = min(len(labeled), len(unlabeled))
        opt.zero_grad()
        for i, ((x, y), (u, _)) in enumerate(pairs):
            sup = F.cross_entropy(student(x), y)
            cons = F.mse_loss(student(u).softmax(1), teacher(u).softmax(1))
            loss = (sup + cons) / accum
            loss.backward()
            if (i + 1) % accum == 0 or i + 1 == n:
                opt.step()
                opt.zero_grad()
                step += 1
                for tp, sp in zip(teacher.parameters(), student.parameters()):
                    tp.data.mul_(alpha).add_(sp.data, alpha=1 - alpha)
