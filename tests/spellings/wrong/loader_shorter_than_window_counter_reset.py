import torch


def finetune(model, images, optimizer, criterion, N=4, epochs=100):
    for epoch in range(epochs):
        count = 0
        optimizer.zero_grad()
        for img, caption in images:
            loss = criterion(model(img), caption) / N
            loss.backward()
            count += 1
            if count % N == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()
