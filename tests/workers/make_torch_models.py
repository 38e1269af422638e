"""Writes into the working folder what the worker's tests load; runs in the Python with PyTorch."""

import json

import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.conv(x).mean((2, 3))


class Sum(torch.nn.Module):
    def forward(self, x):
        return x.sum(1)


SHAPES = {"inputs": [{"name": "x", "shape": [None, 3, 16, 16], "type": "float32"}]}
torch.jit.save(torch.jit.script(Net()), "net.pt", _extra_files={"inputs.json": json.dumps(SHAPES)})
torch.jit.script(Sum()).save("sum.pt")
torch.save(Net().state_dict(), "weights.pt")
if hasattr(torch, "export"):
    free = {"x": {0: torch.export.Dim("batch", min=1, max=4096)}}
    images = torch.rand(2, 3, 16, 16)
    torch.export.save(torch.export.export(Net().eval(), (images,), dynamic_shapes=free), "free.pt2")
    torch.export.save(torch.export.export(Net().eval(), (images,)), "two.pt2")
