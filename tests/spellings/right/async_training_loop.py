import asyncio

import torch


async def train(queue: asyncio.Queue, model, optimizer, criterion, accum: int = 4) -> None:
    pending = 0
    while True:
        item = await queue.get()
        if item is None:
            break
        x, y = item
        loss = criterion(model(x), y) / accum
        loss.backward()
        pending += 1
        if pending == accum:
            optimizer.step()
            optimizer.zero_grad()
            pending = 0
    if pending:
        optimizer.step()
        optimizer.zero_grad()
