import torch


def update(agent, opt, obs, act, ret, args):
    inds = torch.randperm(args.batch_size)
    for epoch in range(args.epochs):
        for start in range(0, args.batch_size, args.minibatch_size):
            mb = inds[start : start + args.minibatch_size]
            loss = agent.loss(obs[mb], act[mb], ret[mb])
            opt.zero_grad()
            loss.backward()
            opt.step()
