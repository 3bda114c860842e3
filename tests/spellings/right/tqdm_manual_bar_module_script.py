import torch
from tqdm import tqdm

device = "cuda" if torch.cuda.is_available() else "cpu"
model = torch.hub.load("pytorch/vision", "resnet18").to(device)
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
ACCUM = 4
EPOCHS = 10

for epoch in range(EPOCHS):
    bar = tqdm(enumerate(train_loader), total=len(train_loader))
    optimizer.zero_grad()
    for i, (images, labels) in bar:
        images, labels = images.to(device), labels.to(device)
        loss = criterion(model(images), labels)
        (loss / ACCUM).backward()
        if (i + 1) % ACCUM == 0 or (i + 1) == len(train_loader):
            optimizer.step()
            optimizer.zero_grad()
        bar.set_postfix(loss=loss.item())
