"""The teacher is cleared, and the student, whose loss is in sight, never is."""

import torch


def train(student, teacher, loader, args):
    optimizer = torch.optim.RMSprop(student.parameters(), lr=args.lr)
    while True:
        for x, _ in loader:
            teacher.zero_grad()
            loss = torch.nn.functional.mse_loss(student(x), teacher(x).detach())
            loss.backward()
            optimizer.step()  # expect: ACC001
