import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM


def sft(name, loader, epochs=2, lr=2e-4, ga=16):
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(name), LoraConfig(r=8, task_type="CAUSAL_LM"))
    optim = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=lr)
    model.train()
    running = 0.0
    for ep in range(epochs):
        for i, batch in enumerate(loader):
            out = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], labels=batch["labels"])
            out.loss.backward()  # expect: ACC003
            running += out.loss.item() / ga
            if (i + 1) % ga == 0 or (i + 1) == len(loader):
                torch.nn.utils.clip_grad_norm_(model.parameters(), 0.3)
                optim.step()
                optim.zero_grad(set_to_none=True)
                print(running)
                running = 0.0
