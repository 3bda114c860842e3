import torch
import torch.nn.functional as F


@torch.no_grad()
def teacher_logits(teacher, x):
    return teacher(x)


def distill(student, teacher, loader, optimizer, accum, T=2.0):
    teacher.eval()
    n = len(loader)
    for step, (x, _) in enumerate(loader, 1):
        t = teacher_logits(teacher, x)
        s = student(x)
        loss = F.kl_div((s / T).log_softmax(-1), (t / T).softmax(-1), reduction="batchmean") * T * T
        loss.div(accum).backward()
        if step % accum == 0 or step == n:
            optimizer.step()
            optimizer.zero_grad()
