import torch
from tqdm import trange, tqdm


class TransformerModelWrapper:
    def __init__(self, config, model):
        self.config = config
        self.model = model

    def train(self, train_dataloader, num_train_epochs=3, gradient_accumulation_steps=1, max_grad_norm=1, max_steps=-1, lr=5e-5):
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=lr)
        step, global_step, tr_loss = 0, 0, 0.0
        self.model.zero_grad()
        train_iterator = trange(int(num_train_epochs), desc="Epoch")
        for _ in train_iterator:
            epoch_iterator = tqdm(train_dataloader, desc="Iteration")
            for step, batch in enumerate(epoch_iterator):
                self.model.train()
                loss = self.model(**batch)[0]
                if gradient_accumulation_steps > 1:
                    loss = loss / gradient_accumulation_steps
                loss.backward()
                tr_loss += loss.item()
                if (step + 1) % gradient_accumulation_steps == 0:  # expect: ACC004
                    torch.nn.utils.clip_grad_norm_(self.model.parameters(), max_grad_norm)
                    optimizer.step()
                    self.model.zero_grad()
                    global_step += 1
                if 0 < max_steps < global_step:
                    epoch_iterator.close()
                    break
            if 0 < max_steps < global_step:
                train_iterator.close()
                break
        return global_step, (tr_loss / global_step if global_step > 0 else -1)
