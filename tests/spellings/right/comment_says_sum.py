"""A loss that the model sums over the samples of a batch, out of sight: the author's comment says so."""


def train_one_epoch(model, loader, optimizer, scaler, params):
    for batch in loader:
        params.batch_idx_train += 1
        _, loss = model(batch)
        # NOTE: We use reduction==sum and loss is computed over utterances
        # in the batch and there is no normalization to it so far.
        scaler.scale(loss).backward()
        if params.batch_idx_train % params.accumulate_grad_steps == 0:
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
