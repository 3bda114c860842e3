def train(env, agent, memory, opt, start=1000, batch=64):
    state = env.reset()
    for t in range(100_000):
        action = env.sample() if t < start else agent.act(state)
        state, reward, done = env.step(action)
        memory.push(state, action, reward)
        if len(memory) < batch or t < start:
            continue
        loss = agent.loss(memory.sample(batch))
        opt.zero_grad()
        loss.backward()
        opt.step()
