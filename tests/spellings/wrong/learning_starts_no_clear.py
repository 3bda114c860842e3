import torch


def run(env, network, buffer, args):
    optimizer = torch.optim.Adam(network.parameters(), lr=args.learning_rate)
    obs = env.reset()
    for global_step in range(args.total_timesteps):
        obs = buffer.collect(env, network, obs)
        if global_step > args.learning_starts:
            if global_step % args.train_frequency == 0:
                data = buffer.sample(args.batch_size)
                loss = network(data.observations).pow(2).mean()
                loss.backward()
                optimizer.step()  # expect: ACC001
