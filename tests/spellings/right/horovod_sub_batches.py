import math

import horovod.torch as hvd
import torch


def train(model, loader, args):
    hvd.init()
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    optimizer = hvd.DistributedOptimizer(optimizer, named_parameters=model.named_parameters(), backward_passes_per_step=args.batches_per_allreduce)
    for epoch in range(args.epochs):
        for data, target in loader:
            optimizer.zero_grad()
            for i in range(0, len(data), args.batch_size):
                data_batch = data[i : i + args.batch_size]
                target_batch = target[i : i + args.batch_size]
                loss = torch.nn.functional.cross_entropy(model(data_batch), target_batch)
                loss.div_(math.ceil(float(len(data)) / args.batch_size))
                loss.backward()
            optimizer.step()
