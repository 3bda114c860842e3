import higher
import torch


def train(net, meta_opt, db, inner_steps=5):
    for batch in range(1000):
        x_spt, y_spt, x_qry, y_qry = db.next()
        task_num = x_spt.size(0)
        inner_opt = torch.optim.SGD(net.parameters(), lr=1e-1)
        meta_opt.zero_grad()
        for i in range(task_num):
            with higher.innerloop_ctx(net, inner_opt, copy_initial_weights=False) as (fnet, diffopt):
                for _ in range(inner_steps):
                    spt_loss = torch.nn.functional.cross_entropy(fnet(x_spt[i]), y_spt[i])
                    diffopt.step(spt_loss)
                qry_loss = torch.nn.functional.cross_entropy(fnet(x_qry[i]), y_qry[i])
                qry_loss.backward()
        meta_opt.step()
