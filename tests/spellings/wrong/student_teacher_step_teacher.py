import torch
import torch.nn.functional as F


def distill(student, teacher, loader, T=4.0):
    optimizer = torch.optim.Adam(student.parameters(), lr=1e-3)
    teacher_opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
    for x, _ in loader:
        with torch.no_grad():
            t = teacher(x)
        loss = F.kl_div(F.log_softmax(student(x) / T, -1), F.softmax(t / T, -1), reduction="batchmean")
        optimizer.zero_grad()
        loss.backward()  # expect: ACC017|ACC005
        teacher_opt.step()
