import torch


class OneShot:
    def __init__(self, graph, loss):
        self.graph, self.loss = graph, loss
        self.op_optimizer = torch.optim.SGD(graph.parameters(), lr=0.025)

    def step(self, data_train, data_val):
        val_loss = self.loss(self.graph(data_val[0]), data_val[1])
        val_loss.backward()

        self.op_optimizer.zero_grad()
        train_loss = self.loss(self.graph(data_train[0]), data_train[1])
        train_loss.backward()
        self.op_optimizer.step()

    def fit(self, train, valid):
        for t, v in zip(train, valid):
            self.step(t, v)
