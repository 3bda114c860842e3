import torch
import src.util


def train(model, optimizer, scheduler, step, loader, opt):
    model.train()
    while step < opt.total_steps:
        for i, batch in enumerate(loader):
            step += 1
            train_loss = model(input_ids=batch[0].cuda(), labels=batch[1].cuda())[0]
            train_loss.backward()  # expect: ACC003
            if step % opt.accumulation_steps == 0:
                optimizer.step()
                scheduler.step()
                model.zero_grad()
            if step > opt.total_steps:
                break


if __name__ == "__main__":
    opt = src.options.parse()
    loader = src.data.loader(opt)
    if opt.fresh:
        model = src.model.FiDT5(opt)
        optimizer, scheduler = src.util.set_optim(opt, model)
        step = 0
    else:
        model, optimizer, scheduler, step = src.util.load(opt)
    train(model, optimizer, scheduler, step, loader, opt)
