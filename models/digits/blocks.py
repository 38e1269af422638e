"""The layers that the models are made of.

Shapes: images are [batch, channels, height, width]; tokens are [batch, tokens, width].
Every reshape takes the batch as -1, so that the exported graph has constant shapes besides it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def conv_bn(
    inputs: int, outputs: int, kernel: int = 3, stride: int = 1, groups: int = 1
) -> nn.Module:
    """Convolution and batch normalisation, which the export folds into one convolution."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    )


def conv_relu(inputs: int, outputs: int, stride: int = 1) -> nn.Module:
    """3x3 convolution, batch normalisation, ReLU."""
    return nn.Sequential(conv_bn(inputs, outputs, 3, stride), nn.ReLU())


def separable(inputs: int, outputs: int, stride: int = 1) -> nn.Module:
    """Depthwise 3x3 then pointwise 1x1 convolution, each with batch normalisation and ReLU."""
    return nn.Sequential(
        conv_bn(inputs, inputs, 3, stride, groups=inputs),
        nn.ReLU(),
        conv_bn(inputs, outputs, 1),
        nn.ReLU(),
    )


class Residual(nn.Module):
    """Two 3x3 convolutions with a shortcut around them."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(conv_relu(inputs, outputs, stride), conv_bn(outputs, outputs))
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else conv_bn(inputs, outputs, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.body(x) + self.shortcut(x))


def mlp(inputs: int, hidden: int) -> nn.Module:
    """Linear, GELU, linear on the last axis, back to the width it came with."""
    return nn.Sequential(nn.Linear(inputs, hidden), nn.GELU(), nn.Linear(hidden, inputs))


class Attention(nn.Module):
    """Multi-head self-attention in plain matrix products.

    PyTorch's own module has a fused inference path that this exporter cannot translate.
    """

    def __init__(self, tokens: int, width: int, heads: int) -> None:
        super().__init__()
        self.split = (-1, tokens, heads, width // heads)
        self.merge = (-1, tokens, width)
        self.scale = (width // heads) ** -0.5
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        query = self.query(x).reshape(self.split).permute(0, 2, 1, 3)
        key = self.key(x).reshape(self.split).permute(0, 2, 3, 1)
        value = self.value(x).reshape(self.split).permute(0, 2, 1, 3)
        weights = torch.softmax(query @ key * self.scale, dim=-1)
        return self.out((weights @ value).permute(0, 2, 1, 3).reshape(self.merge))


class Encoder(nn.Module):
    """Pre-norm transformer block: attention, then an MLP, each with a shortcut."""

    def __init__(self, tokens: int, width: int, heads: int, ratio: int = 4) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(tokens, width, heads)
        self.mlp = mlp(width, ratio * width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Mixer(nn.Module):
    """MLP-Mixer block: an MLP across the tokens, then one across the channels."""

    def __init__(self, tokens: int, width: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.across = mlp(tokens, 2 * tokens)
        self.within = mlp(width, 4 * width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.across(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.within(self.norm2(x))


class ToTokens(nn.Module):
    """Flatten an image of `width` channels into one token per pixel, with a learnt position."""

    def __init__(self, tokens: int, width: int) -> None:
        super().__init__()
        self.shape = (-1, width, tokens)
        # Strong positions: the customary 0.02 trains far too slowly on so few images.
        self.position = nn.Parameter(0.5 * torch.randn(1, tokens, width))

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(self.shape).transpose(1, 2) + self.position


class ToImage(nn.Module):
    """Undo the flattening: tokens back to an image of `side` x `side` pixels."""

    def __init__(self, side: int, width: int) -> None:
        super().__init__()
        self.shape = (-1, width, side, side)

    def forward(self, x: Tensor) -> Tensor:
        return x.transpose(1, 2).reshape(self.shape)


class MeanHead(nn.Module):
    """Normalise the tokens, average them, and classify the average."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.linear = nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.norm(x).mean(dim=1))
