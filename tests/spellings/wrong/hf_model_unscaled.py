import torch
from tqdm.auto import tqdm
from transformers import AutoModelForCausalLM


def main(args, train_dataloader):
    model = AutoModelForCausalLM.from_pretrained(args.model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.learning_rate)
    n = len(train_dataloader)
    for epoch in range(args.num_train_epochs):
        for step, batch in enumerate(tqdm(train_dataloader)):
            loss = model(**batch).loss
            loss.backward()  # expect: ACC003
            if (step + 1) % args.gradient_accumulation_steps == 0 or step + 1 == n:
                torch.nn.utils.clip_grad_norm_(model.parameters(), args.max_grad_norm)
                optimizer.step()
                optimizer.zero_grad()
