class Learner:
    def __init__(self, model, dls, loss_func, opt, cbs):
        self.model, self.dls, self.loss_func, self.opt = model, dls, loss_func, opt
        self.cbs = cbs

    def __call__(self, name):
        for cb in sorted(self.cbs, key=lambda cb: cb.order):
            method = getattr(cb, name, None)
            if method is not None:
                method()

    def one_batch(self):
        self("before_batch")
        self.preds = self.model(self.xb)
        self.loss = self.loss_func(self.preds, self.yb)
        self.loss.backward()
        self.opt.step()
        self("after_batch")

    def fit(self, n):
        for self.epoch in range(n):
            for self.xb, self.yb in self.dls.train:
                self.one_batch()


class Clear:
    order = 1

    def __init__(self, learn):
        self.learn = learn

    def after_batch(self):
        self.learn.opt.zero_grad()
