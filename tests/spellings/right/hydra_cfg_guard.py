import hydra
import torch
from hydra.utils import instantiate
from omegaconf import DictConfig


@hydra.main(version_base=None, config_path="conf", config_name="train")
def main(cfg: DictConfig) -> None:
    model = instantiate(cfg.model)
    loader = instantiate(cfg.data)
    optimizer = instantiate(cfg.optim, params=model.parameters())
    n = cfg.trainer.accumulate_grad_batches
    for epoch in range(cfg.trainer.max_epochs):
        for b, batch in enumerate(loader):
            loss = model.loss(batch)
            if n > 1:
                loss = loss / n
            loss.backward()
            if ((b + 1) % n == 0) or (b + 1 == len(loader)):
                optimizer.step()
                optimizer.zero_grad()


if __name__ == "__main__":
    main()
