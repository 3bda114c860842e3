import torch

from project import build, data

DEFAULTS = {"accum": 4, "lr": 1e-4}


def main(opts, model, loader):
    optimizer = torch.optim.Adam(model.parameters(), lr=opts["lr"])
    for epoch in range(opts["epochs"]):
        optimizer.zero_grad()
        for i, batch in enumerate(loader):
            loss = -model(batch) / opts["accum"]
            loss.backward()
            if (i + 1) % opts["accum"] == 0:  # expect: ACC004
                optimizer.step()
                optimizer.zero_grad()


if __name__ == "__main__":
    main({**DEFAULTS, "lr": 1e-3, "epochs": 25}, build(), data())
