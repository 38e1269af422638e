"""PyTorch as a worker of wattfor: worker protocol 1 (docs/worker-protocol.md).

    main → server (the conversation) → backend (one loaded model) → models, modes, devices, …

PyTorch is imported when a model is loaded or listed, not before: `hello` is answered without it, and a
Python that lacks it gets an answer that says so. Modules take `torch` as an argument; tests hand in
a fake of a GPU that is not there.
"""

VERSION = "0.1.0"  # wattfor's
