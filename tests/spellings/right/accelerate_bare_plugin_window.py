import torch
from accelerate import Accelerator
from accelerate.utils import GradientAccumulationPlugin


def main(model, train_dl, eval_dl, lr):
    plugin = GradientAccumulationPlugin(num_steps=4, adjust_scheduler=True)
    accelerator = Accelerator(gradient_accumulation_plugin=plugin)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    model, optimizer, train_dl, eval_dl = accelerator.prepare(model, optimizer, train_dl, eval_dl)
    for epoch in range(3):
        model.train()
        for batch in train_dl:
            with accelerator.accumulate(model):
                loss = model(**batch).loss
                accelerator.backward(loss)
                optimizer.step()
                optimizer.zero_grad()
