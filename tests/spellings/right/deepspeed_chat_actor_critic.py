import deepspeed
import torch


class DeepSpeedPPOTrainer:
    def __init__(self, rlhf_engine, args):
        self.actor_model = rlhf_engine.actor
        self.critic_model = rlhf_engine.critic
        self.args = args

    def train_rlhf(self, inputs):
        actor_prob = self.actor_model(inputs["input_ids"], use_cache=False).logits
        actor_loss = self.actor_loss_fn(actor_prob, inputs)
        self.actor_model.backward(actor_loss)
        self.actor_model.step()
        value = self.critic_model.forward_value(inputs["input_ids"])[:, :-1]
        critic_loss = self.critic_loss_fn(value, inputs)
        self.critic_model.backward(critic_loss)
        self.critic_model.step()
        return actor_loss, critic_loss

    def actor_loss_fn(self, p, inputs):
        return -(p * inputs["adv"]).mean()

    def critic_loss_fn(self, v, inputs):
        return ((v - inputs["ret"]) ** 2).mean()


def main(trainer, loader, epochs):
    for ep in range(epochs):
        for b in loader:
            trainer.train_rlhf(b)
