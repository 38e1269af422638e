"""What the frameworks import and these tests don't use, where Debian's PyTorch 1.13 can't give it. To be
imported before a framework.

Each stands for something that is called without effect on a training: the hooks, epochs and steps are the
frameworks' own.
"""

import importlib.machinery
import sys
import types

import torch

torch.set_num_threads(1)


def stand_in(name: str, **members: object) -> None:
    module = types.ModuleType(name)
    module.__spec__ = importlib.machinery.ModuleSpec(name, None)
    module.__dict__.update(members)
    sys.modules[name] = module
    parent, _, last = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], last, module)


# Lightning registers two hooks for sharded tensors, whose module fails under Python 3.11.
stand_in(
    "torch.distributed._shard.sharded_tensor",
    state_dict_hook=lambda *_: None,
    pre_load_state_dict_hook=lambda *_: None,
)

# Keras 3.1 has functions left out of a compiler that came with PyTorch 2.
stand_in("torch._dynamo", disable=lambda function=None, **_: function or (lambda of: of))

# MMEngine imports OpenCV for pictures: 50 MB.
stand_in("cv2", __version__="none", setNumThreads=lambda count: None)
