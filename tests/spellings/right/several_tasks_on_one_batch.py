"""The losses of several tasks, or of several sampled sub-networks, on one batch: parts of one micro-batch, whose turns the guard counts."""


def tasks_in_turn(model, loader, optimizer, args, tasks):
    n = max(1, args.accum_grad_n_steps // args.world_size)
    count = 0
    for number, batch in enumerate(loader):
        count += 1
        for which, task in enumerate(tasks):
            loss, observation = model(batch, task=task)
            loss /= n
            loss.backward()
            if (count >= n or number + 1 == len(loader)) and which == len(tasks) - 1:
                optimizer.step()
                optimizer.zero_grad()
                count = 0


def sampled_networks(student, sample, loader, optimizer, mse, args):
    for step, batch in enumerate(loader):
        ids, labels = batch
        for k in range(args.sample_times_per_batch):
            out = student(ids, sample(seed=step + k))
            loss = mse(out, labels) / args.gradient_accumulation_steps
            loss.backward()
        if (step + 1) % args.gradient_accumulation_steps == 0 or step + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()


def paths_of_a_supernet(supernet, choose, paths, loader, optimizer, mse, args):
    for inputs, guides in loader:
        optimizer.zero_grad()
        for _ in range(args.update_frequency):
            logits = supernet(inputs, path=choose(paths))
            mse(logits, guides).backward()
        optimizer.step()
