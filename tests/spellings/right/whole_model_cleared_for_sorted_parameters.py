from torch import optim


def main(args, model, loader, criterion):
    if args.optim == "sgd":
        if args.sample_softmax > 0:
            dense_params, sparse_params = [], []
            for param in model.parameters():
                if param.size() == model.word_emb.weight.size():
                    sparse_params.append(param)
                else:
                    dense_params.append(param)
            optimizer_sparse = optim.SGD(sparse_params, lr=args.lr * 2)
            optimizer = optim.SGD(dense_params, lr=args.lr)
        else:
            optimizer = optim.SGD(model.parameters(), lr=args.lr)
    for x, y in loader:
        model.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
        if args.sample_softmax > 0:
            optimizer_sparse.step()
