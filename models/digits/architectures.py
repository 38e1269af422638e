"""The catalogue: every model's name, class, year of its design, and how it is built.

Each model takes images [batch, 1, 8, 8] in 0..1 and returns logits [batch, 10].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from blocks import Encoder, MeanHead, Mixer, Residual, ToImage, ToTokens, conv_relu, separable
from data import IMAGE_SIZE

CLASSES = 10


@dataclass(frozen=True)
class Design:
    """One model: `year` is that of the design it follows, not of its training."""

    kind: str  # CNN, Transformer, Hybrid or MLP
    year: int
    build: Callable[[], nn.Module]


def perceptron(*hidden: int) -> nn.Module:
    """Fully connected layers of the given widths with ReLU between them."""
    layers: list[nn.Module] = [nn.Flatten()]
    inputs = IMAGE_SIZE * IMAGE_SIZE
    for outputs in hidden:
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        inputs = outputs
    return nn.Sequential(*layers, nn.Linear(inputs, CLASSES))


def patches(patch: int, width: int) -> tuple[nn.Module, int]:
    """Cut the image into `patch` x `patch` tokens; return the layers and the token count."""
    tokens = (IMAGE_SIZE // patch) ** 2
    return nn.Sequential(nn.Conv2d(1, width, patch, patch), ToTokens(tokens, width)), tokens


def mixer(patch: int, width: int, depth: int) -> nn.Module:
    """MLP-Mixer."""
    stem, tokens = patches(patch, width)
    blocks = [Mixer(tokens, width) for _ in range(depth)]
    return nn.Sequential(stem, *blocks, MeanHead(width, CLASSES))


def vit(patch: int, width: int, depth: int, heads: int) -> nn.Module:
    """Vision transformer that classifies the mean token."""
    stem, tokens = patches(patch, width)
    blocks = [Encoder(tokens, width, heads) for _ in range(depth)]
    return nn.Sequential(stem, *blocks, MeanHead(width, CLASSES))


def lenet(first: int, second: int) -> nn.Module:
    """Two convolutions with max pooling after each, then one linear layer."""
    return nn.Sequential(
        conv_relu(1, first),
        nn.MaxPool2d(2),
        conv_relu(first, second),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(second * (IMAGE_SIZE // 4) ** 2, CLASSES),
    )


def pooled_head(width: int) -> nn.Module:
    """Average over the image, then classify."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, CLASSES))


def depthwise(width: int) -> nn.Module:
    """MobileNet-like: a convolution, then depthwise-separable ones at 8x8, 4x4 and 2x2."""
    return nn.Sequential(
        conv_relu(1, width),
        separable(width, 2 * width, stride=2),
        separable(2 * width, 2 * width),
        separable(2 * width, 4 * width, stride=2),
        pooled_head(4 * width),
    )


def resnet(width: int, depth: int) -> nn.Module:
    """Residual network: three stages of `depth` blocks at 8x8, 4x4 and 2x2."""
    layers: list[nn.Module] = [conv_relu(1, width)]
    inputs = width
    for stage in range(3):
        outputs = width << stage
        for block in range(depth):
            stride = 2 if stage > 0 and block == 0 else 1
            layers.append(Residual(inputs, outputs, stride))
            inputs = outputs
    return nn.Sequential(*layers, pooled_head(inputs))


def conv_stem_vit(width: int, depth: int, heads: int) -> nn.Module:
    """Convolutions down to 4x4, then a transformer on the 16 tokens."""
    tokens = (IMAGE_SIZE // 2) ** 2
    return nn.Sequential(
        conv_relu(1, width // 2),
        conv_relu(width // 2, width, stride=2),
        ToTokens(tokens, width),
        *(Encoder(tokens, width, heads) for _ in range(depth)),
        MeanHead(width, CLASSES),
    )


def alternating(width: int, depth: int, heads: int) -> nn.Module:
    """A residual convolution block and a transformer block by turns, at 4x4."""
    side = IMAGE_SIZE // 2
    layers: list[nn.Module] = [conv_relu(1, width // 2), conv_relu(width // 2, width, stride=2)]
    for block in range(depth):
        last = block == depth - 1
        layers += [
            Residual(width, width),
            ToTokens(side * side, width),
            Encoder(side * side, width, heads),
            MeanHead(width, CLASSES) if last else ToImage(side, width),
        ]
    return nn.Sequential(*layers)


def staged(width: int, heads: int) -> nn.Module:
    """CoAtNet-like: separable convolutions at 8x8 and 4x4, transformer blocks at 2x2."""
    tokens = (IMAGE_SIZE // 4) ** 2
    return nn.Sequential(
        conv_relu(1, width // 2),
        separable(width // 2, width // 2),
        separable(width // 2, width, stride=2),
        separable(width, width, stride=2),
        ToTokens(tokens, width),
        Encoder(tokens, width, heads),
        Encoder(tokens, width, heads),
        MeanHead(width, CLASSES),
    )


DESIGNS: dict[str, Design] = {
    "digits_mlp_xs": Design("MLP", 1986, lambda: perceptron(16)),
    "digits_mlp_s": Design("MLP", 1986, lambda: perceptron(128)),
    "digits_mlp_l": Design("MLP", 1986, lambda: perceptron(1024, 1024)),
    "digits_mixer_s": Design("MLP", 2021, lambda: mixer(2, 64, 3)),
    "digits_lenet_xs": Design("CNN", 1998, lambda: lenet(8, 16)),
    "digits_lenet_s": Design("CNN", 1998, lambda: lenet(32, 64)),
    "digits_dwcnn_s": Design("CNN", 2017, lambda: depthwise(16)),
    "digits_resnet_s": Design("CNN", 2015, lambda: resnet(16, 1)),
    "digits_resnet_l": Design("CNN", 2015, lambda: resnet(64, 2)),
    "digits_vit_xs": Design("Transformer", 2020, lambda: vit(4, 32, 2, 2)),
    "digits_vit_s": Design("Transformer", 2020, lambda: vit(2, 64, 3, 4)),
    "digits_vit_s_p1": Design("Transformer", 2020, lambda: vit(1, 64, 3, 4)),
    "digits_vit_l": Design("Transformer", 2020, lambda: vit(2, 128, 6, 4)),
    "digits_hybrid_xs": Design("Hybrid", 2021, lambda: conv_stem_vit(32, 1, 2)),
    "digits_hybrid_s": Design("Hybrid", 2021, lambda: staged(64, 4)),
    "digits_hybrid_m": Design("Hybrid", 2021, lambda: alternating(96, 2, 4)),
    "digits_hybrid_l": Design("Hybrid", 2021, lambda: conv_stem_vit(160, 4, 5)),
}
