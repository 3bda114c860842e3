class Learner:
    def __init__(self, model, dls, loss_func, opt, cbs):
        self.model, self.dls, self.loss_func, self.opt = model, dls, loss_func, opt
        self.cbs = cbs

    def __call__(self, name):
        for cb in self.cbs:
            getattr(cb, name, lambda: None)()

    def fit(self, n):
        for epoch in range(n):
            for xb, yb in self.dls.train:
                self("before_batch")
                loss = self.loss_func(self.model(xb), yb)
                loss.backward()
                self.opt.step()  # expect: ACC001
                self("after_batch")


class Log:
    def after_batch(self):
        print("a batch")
