import optuna
import torch


def search(Net, loader, crit, trials):
    def objective(trial):
        lr = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
        accum = trial.suggest_int("accum", 2, 8)
        model = Net()
        opt = torch.optim.Adam(model.parameters(), lr=lr)
        for epoch in range(3):
            for i, (x, y) in enumerate(loader):
                loss = crit(model(x), y) / accum
                loss.backward()
                if (i + 1) % accum == 0 or i + 1 == len(loader):
                    opt.step()  # expect: ACC001
        return loss.item()

    study = optuna.create_study()
    study.optimize(objective, n_trials=trials)
