import deepspeed
import torch


def main(args, model, loader):
    config = {"train_micro_batch_size_per_gpu": 4, "gradient_accumulation_steps": args.grad_accum}
    engine, _, _, _ = deepspeed.initialize(model=model, model_parameters=model.parameters(), config=config)
    for step, (x, y) in enumerate(loader):
        engine.backward(torch.nn.functional.cross_entropy(engine(x), y))
        engine.step()
        if engine.is_gradient_accumulation_boundary():
            print(step)
