from torch import nn, optim
from torchvision import models


def initialize_model(name, num_classes):
    if name == "resnet":
        model_ft = models.resnet18()
        model_ft.fc = nn.Linear(model_ft.fc.in_features, num_classes)
    elif name == "densenet":
        model_ft = models.densenet121()
        model_ft.classifier = nn.Linear(model_ft.classifier.in_features, num_classes)
    return model_ft, 224


model_ft, input_size = initialize_model("resnet", 10)


def main(args, loader, criterion):
    def create_model(args):
        if args.arch == "resnet":
            return model_ft

    model = create_model(args)
    optimizer = optim.SGD(model.parameters(), lr=args.lr)
    train(args, loader, model, optimizer, criterion)


def train(args, loader, model, optimizer, criterion):
    for epoch in range(args.epochs):
        for x, y in loader:
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            model.zero_grad()
