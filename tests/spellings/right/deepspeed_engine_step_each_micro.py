import deepspeed
import torch


def main(args, model, train_loader):
    ds_config = {"train_micro_batch_size_per_gpu": 2, "gradient_accumulation_steps": args.gradient_accumulation_steps}
    engine, optimizer, _, scheduler = deepspeed.initialize(args=args, model=model, model_parameters=model.parameters(), config=ds_config)
    for epoch in range(args.epochs):
        for step, batch in enumerate(train_loader):
            loss = engine(**batch).loss
            engine.backward(loss)
            engine.step()
            if engine.is_gradient_accumulation_boundary() and step % args.log_every == 0:
                print(step, loss.item())
