def update(policy, opt, rollouts, batch_size=2048, micro=256):
    parts = batch_size // micro
    for obs, act, ret in rollouts:
        opt.zero_grad()
        for i in range(0, batch_size, micro):
            loss = policy.loss(obs[i : i + micro], act[i : i + micro], ret[i : i + micro])
            (loss / parts).backward()
        opt.step()


def weighted(policy, opt, rollouts, args):
    for obs, act, ret in rollouts:
        opt.zero_grad()
        for i in range(0, args.batch_size, args.micro):
            loss = policy.loss(obs[i : i + args.micro], act[i : i + args.micro], ret[i : i + args.micro])
            (loss * args.micro / args.batch_size).backward()
        opt.step()


def weighted_by_defaults(policy, opt, rollouts, batch_size=2048, micro=256):
    for obs, act, ret in rollouts:
        opt.zero_grad()
        for i in range(0, batch_size, micro):
            loss = policy.loss(obs[i : i + micro], act[i : i + micro], ret[i : i + micro])
            (loss * micro / batch_size).backward()
        opt.step()


def weighted_by_a_ratio(policy, opt, rollouts, batch_size=2048, micro=256):
    ratio = micro / batch_size
    for obs, act, ret in rollouts:
        opt.zero_grad()
        for i in range(0, batch_size, micro):
            loss = policy.loss(obs[i : i + micro], act[i : i + micro], ret[i : i + micro])
            (loss * ratio).backward()
        opt.step()
