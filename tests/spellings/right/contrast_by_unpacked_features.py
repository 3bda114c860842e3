import torch
from torch import nn
from torch.nn import functional as F


class ClipLoss(nn.Module):
    def forward(self, image_features, text_features, logit_scale, output_dict=False):
        logits = logit_scale * image_features @ text_features.T
        labels = torch.arange(logits.shape[0])
        total_loss = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2
        return {"contrastive_loss": total_loss} if output_dict else total_loss


def backward(total_loss):
    total_loss.backward()


def train_one_epoch(model, loader, loss, optimizer, args):
    if args.accum_freq > 1:
        accum_images, accum_texts, accum_features = [], [], {}
    for i, (images, texts) in enumerate(loader):
        optimizer.zero_grad()
        if args.accum_freq == 1:
            model_out = model(images, texts)
            losses = loss(**model_out, output_dict=True)
            total_loss = sum(losses.values())
            backward(total_loss)
        else:
            with torch.no_grad():
                model_out = model(images, texts)
                for f in ("logit_scale", "logit_bias"):
                    model_out.pop(f, None)
                for key, val in model_out.items():
                    if key in accum_features:
                        accum_features[key].append(val)
                    else:
                        accum_features[key] = [val]
                accum_images.append(images)
                accum_texts.append(texts)
            if ((i + 1) % args.accum_freq) > 0:
                continue
            optimizer.zero_grad()
            # each loss is a mean over the whole window, of which only part j carries a gradient
            for j in range(args.accum_freq):
                images = accum_images[j]
                texts = accum_texts[j]
                model_out = model(images, texts)
                inputs_no_accum = {}
                inputs_no_accum["logit_scale"] = model_out.pop("logit_scale")
                inputs = {}
                for key, val in accum_features.items():
                    accumulated = accum_features[key]
                    inputs[key] = torch.cat(accumulated[:j] + [model_out[key]] + accumulated[j + 1 :])
                losses = loss(**inputs, **inputs_no_accum, output_dict=True)
                total_loss = sum(losses.values())
                backward(total_loss)
        optimizer.step()
        if args.accum_freq > 1:
            accum_images, accum_texts, accum_features = [], [], {}


def main(args, model, loader):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    loss = ClipLoss()
    for _ in range(args.epochs):
        train_one_epoch(model, loader, loss, optimizer, args)
