import torch


def trainer(args, train_loader, model, optimizer, criterion, epoch=100):
    iteration = 0
    for e in range(epoch + 1):
        loss_log = []
        model.train()
        optimizer.zero_grad()
        for i, (audio1, audio2, vertice, template) in enumerate(train_loader):
            iteration += 1
            optimizer.zero_grad()  # expect: ACC002
            loss = criterion(model(audio1, audio2, template), vertice)
            # allow: ACC003
            loss.backward()
            loss_log.append(loss.item())
            # allow: ACC016|ACC004
            if i % args.gradient_accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
