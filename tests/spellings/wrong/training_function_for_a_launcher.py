import ray.train.torch
import torch
from torch.optim import Adam


def main(df, Net):
    def train_func():
        model = ray.train.torch.prepare_model(Net())
        optimizer = Adam(model.parameters(), lr=0.001)
        shard = ray.train.get_dataset_shard("train")
        for epoch in range(4):
            for batch in shard.iter_batches(batch_size=128):
                loss = torch.nn.functional.cross_entropy(model(batch["x"]), batch["y"])
                loss.backward()
                optimizer.step()  # expect: ACC001

    trainer = ray.train.torch.TorchTrainer(train_func, datasets={"train": df})
    trainer.fit()
