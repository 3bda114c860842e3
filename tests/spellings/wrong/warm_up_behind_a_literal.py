def train(env, agent, memory, opt):
    state = env.reset()
    for t in range(100_000):
        action = agent.act(state)
        state, reward, done = env.step(action)
        memory.push(state, action, reward)
        if t < 5000:
            continue
        if t % 4 == 0:
            loss = agent.loss(memory.sample(32))
            loss.backward()
            opt.step()  # expect: ACC001
