def auto_resume_job(load_path, model, optimizer):
    forward_pass_step = 0
    forward_pass_step = checkpoint["fwdbwd_pass_step"]
    return (optimizer, forward_pass_step)


def run(model, optimizer, load_path, grad_accum_steps, total_train_steps, batch):
    optimizer, cur_train_step = auto_resume_job(load_path, model, optimizer)
    while cur_train_step <= total_train_steps:
        update_grads = (cur_train_step + 1) % grad_accum_steps == 0 or cur_train_step == total_train_steps
        loss = model(batch)
        (loss / grad_accum_steps).backward()
        cur_train_step += 1
        if update_grads:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
