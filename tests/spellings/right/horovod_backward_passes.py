import horovod.torch as hvd
import torch
import torch.nn.functional as F


def train(model, loader, batches_per_allreduce, batch_size):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    optimizer = hvd.DistributedOptimizer(optimizer, named_parameters=model.named_parameters(), backward_passes_per_step=batches_per_allreduce)
    for data, target in loader:
        optimizer.zero_grad()
        for i in range(0, len(data), batch_size):
            loss = F.cross_entropy(model(data[i : i + batch_size]), target[i : i + batch_size])
            loss.div_(len(range(0, len(data), batch_size)))
            loss.backward()
        optimizer.step()
