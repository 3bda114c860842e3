from accelerate import Accelerator


def train(model, optimizer, loader):
    accelerator = Accelerator(fp16=True)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for batch in loader:
        loss = model(**batch).loss
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()  # expect: ACC001
