import torch
from torch import nn
from torch.utils.data import DataLoader

# 超参数
批次累积 = 4
学习率 = 1e-3

model = nn.Linear(16, 2)
优化器 = torch.optim.Adam(model.parameters(), lr=学习率)
损失函数 = nn.CrossEntropyLoss()


def 训练(数据加载器: DataLoader, 轮数: int = 3):
    for 轮 in range(轮数):
        优化器.zero_grad()  # 清空梯度
        for 步, (x, y) in enumerate(数据加载器):
            损失 = 损失函数(model(x), y) / 批次累积
            损失.backward()
            if (步 + 1) % 批次累积 == 0 or (步 + 1) == len(数据加载器):
                优化器.step()
                优化器.zero_grad()
