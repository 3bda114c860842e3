import torch
from tqdm.auto import tqdm


def main(args, model, train_dataloader, lr_scheduler):
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.learning_rate)
    for epoch in range(args.num_train_epochs):
        model.train()
        for step, batch in enumerate(tqdm(train_dataloader)):
            outputs = model(**batch)
            loss = outputs.loss / args.gradient_accumulation_steps
            loss.backward()
            if step % args.gradient_accumulation_steps == 0 or step == len(train_dataloader) - 1:  # expect: ACC016
                optimizer.step()
                lr_scheduler.step()
                optimizer.zero_grad()
