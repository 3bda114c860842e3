import torch
from accelerate import Accelerator
from transformers import AutoModelForSequenceClassification


def main(train_dl):
    accelerator = Accelerator(gradient_accumulation_steps=4, mixed_precision="fp16")
    model = AutoModelForSequenceClassification.from_pretrained("roberta-base")
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    model, optimizer, train_dl = accelerator.prepare(model, optimizer, train_dl)
    model.train()
    for epoch in range(3):
        for batch in train_dl:
            with accelerator.accumulate(model):
                outputs = model(**batch)
                accelerator.backward(outputs.loss)
                optimizer.step()
                model.zero_grad()  # expect: ACC002
