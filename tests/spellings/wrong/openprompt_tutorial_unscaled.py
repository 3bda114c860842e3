import torch
from tqdm import tqdm
from transformers import AdamW, get_linear_schedule_with_warmup


def train(prompt_model, train_dataloader, loss_func, args):
    gradient_accumulation_steps = 4
    max_steps = 10000
    optimizer = AdamW(prompt_model.parameters(), lr=1e-4)
    scheduler = get_linear_schedule_with_warmup(optimizer, 0, max_steps)
    tot_loss, glb_step, actual_step = 0, 0, 0
    leave_training = False
    for epoch in range(10):
        for step, inputs in enumerate(train_dataloader):
            inputs = inputs.cuda()
            logits = prompt_model(inputs)
            loss = loss_func(logits, inputs["label"])
            loss.backward()  # expect: ACC003
            tot_loss += loss.item()
            actual_step += 1
            if actual_step % gradient_accumulation_steps == 0:
                torch.nn.utils.clip_grad_norm_(prompt_model.parameters(), 1.0)
                glb_step += 1
                optimizer.step()
                optimizer.zero_grad()
                scheduler.step()
                if glb_step > max_steps:
                    leave_training = True
                    break
        if leave_training:
            break
