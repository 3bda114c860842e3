"""Gradients of several probes are kept, and the one that is stepped on is put together from them by hand."""


def update(net, optimizer, rewards, probes):
    kept = []
    for _ in range(probes):
        for gate in net.gates:
            if gate.alpha.grad is not None:
                gate.alpha.grad.data.zero_()
        (-sum(gate.log_prob for gate in net.gates)).backward()
        kept.append([gate.alpha.grad.data.clone() for gate in net.gates])
    for k, gate in enumerate(net.gates):
        gate.alpha.grad.data.zero_()
        for j in range(probes):
            gate.alpha.grad.data += rewards[j] * kept[j][k]
        gate.alpha.grad.data /= probes
    optimizer.step()
