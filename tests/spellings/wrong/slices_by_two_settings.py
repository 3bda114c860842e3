def update(policy, opt, rollouts, batch_size=2048, micro=256):
    for obs, act, ret in rollouts:
        opt.zero_grad()
        for i in range(0, batch_size, micro):
            loss = policy.loss(obs[i : i + micro], act[i : i + micro], ret[i : i + micro])
            loss.backward()  # expect: ACC003
        opt.step()
