class Chunks:
    def __init__(self, loader, size):
        self.loader = loader
        self.size = size

    def __iter__(self):
        chunk = []
        for batch in self.loader:
            chunk.append(batch)
            if len(chunk) == self.size:
                yield chunk
                chunk = []


def train(model, loader, opt, crit, accum):
    for window in Chunks(loader, accum):
        for x, y in window:
            crit(model(x), y).backward()  # expect: ACC003
        opt.step()
        opt.zero_grad()
