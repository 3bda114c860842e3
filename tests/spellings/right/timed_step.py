from timing import gpu_timer


def main(model, loader, optimizer, criterion):
    for x, y in loader:

        def train_step():
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            return loss.item()

        value, seconds = gpu_timer(train_step)
        print(value, seconds)
