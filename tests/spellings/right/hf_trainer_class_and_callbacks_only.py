from transformers import Trainer, TrainingArguments


class MyTrainer(Trainer):
    def compute_loss(self, model, inputs, return_outputs=False, **kw):
        out = model(**inputs)
        loss = out.loss / 2 + out.aux_loss / 2
        return (loss, out) if return_outputs else loss


def main(model, ds):
    args = TrainingArguments("out", gradient_accumulation_steps=8)
    MyTrainer(model, args, train_dataset=ds).train()
