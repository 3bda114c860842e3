import torch


def main(args, net, loader, cfg):
    params = []
    for key, value in dict(net.named_parameters()).items():
        if value.requires_grad:
            if "bias" in key:
                params += [{"params": [value], "lr": args.lr * (cfg.DOUBLE_BIAS + 1)}]
            else:
                params += [{"params": [value], "lr": args.lr}]
    optimizer = torch.optim.SGD(params, momentum=cfg.MOMENTUM)
    for epoch in range(args.max_epochs):
        data_iter = iter(loader)
        for step in range(len(loader)):
            data, target = next(data_iter)
            net.zero_grad()
            loss_cls, loss_box = net(data, target)
            loss = loss_cls.mean() + loss_box.mean()
            loss.backward()
            optimizer.step()
