import torch
import torch.nn.functional as F


def distill(student, teacher, loader, lr=1e-3, T=4.0):
    opt = torch.optim.SGD(student.parameters(), lr=lr, momentum=0.9)
    teacher.eval()
    for x, y in loader:
        student.zero_grad()
        with torch.no_grad():
            t_logits = teacher(x)
        s_logits = student(x)
        kd = F.kl_div(F.log_softmax(s_logits / T, 1), F.softmax(t_logits / T, 1), reduction="batchmean") * T * T
        loss = 0.9 * kd + 0.1 * F.cross_entropy(s_logits, y)
        loss.backward()
        opt.step()
