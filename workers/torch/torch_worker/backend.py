"""One loaded model, prepared for one batch size at a time."""

from __future__ import annotations

from . import VERSION, devices, inputs, models, modes, precision, runtime, timm_models
from .failures import Failure, failure_of, unavailable
from .options import read_options


class Backend:
    """What the conversation asks for. Raises Failure; anything else that PyTorch raises becomes one."""

    def __init__(self, refusal: str = "") -> None:
        self._refusal = refusal  # why this is not the Python that was asked for
        self._torch = None
        self._model = None
        self._batch = 0  # prepared; 0: none
        self._run = None

    def hello(self) -> dict:
        # PyTorch is not imported for a greeting, so its devices are not known yet: any may be asked
        # for, and `load` answers.
        return {
            "worker": "pytorch",
            "version": VERSION,
            "devices": [],
            "precisions": list(precision.NAMES),
            "catalogues": ["timm"],
        }

    def list(self, wanted: str) -> list[str]:
        self._check_python()
        if not wanted.startswith(timm_models.PREFIX):
            raise Failure(
                "unsupported", f"the worker torch has no catalogue for '{wanted}', only timm:"
            )
        runtime.import_torch()
        timm = timm_models.import_timm()
        return timm_models.listed(timm, wanted[len(timm_models.PREFIX) :])

    def load(self, request: dict) -> tuple[list[dict], dict]:
        """The inputs and the settings, as `loaded` holds them."""
        self._check_python()
        self.unload()
        options = read_options(request.get("options", {}))
        name, asked = request["model"], request.get("precision", "fp32")
        mode = modes.choose_mode(options, asked)
        torch = self._torch = runtime.import_torch(request.get("threads", 0))
        device = devices.open_device(
            torch, request.get("device", "cpu"), torch.get_num_threads(), options.cudnn_benchmark
        )
        chosen = precision.choose_precision(
            torch, asked, device, options.autocast, options.cudnn_tf32
        )
        mode.check(torch, device)
        self._seed = request.get("seed", 0)
        try:
            device.begin_load()
            model = models.load_model(torch, name, options, device, self._seed)
            self._convert(model, chosen, options)
            device.end_load()
        except Exception as error:
            raise failure_of(error, f"loading the model '{name}'") from error
        self._model, self._mode, self._device = model, mode, device
        self._precision, self._options = chosen, options
        return [each.described() for each in self._shown_inputs()], self._settings()

    def prepare(self, batch: int) -> None:
        if self._batch == batch:
            return
        self._drop_batch()
        torch = self._torch
        try:
            self._device.begin_batch(batch)
            values = inputs.random_inputs(
                torch,
                self._model.inputs,
                batch,
                self._seed,
                self._device,
                self._precision,
                self._options.channels_last,
            )
            self._run = self._mode.prepare(torch, self._model, values, self._context)
            self._device.synchronize()
        except Exception as error:
            self._drop_batch()
            raise failure_of(error, f"a batch of {batch}") from error
        self._batch = batch

    def run_batch(self) -> None:
        try:
            self._run()
            self._device.synchronize()
        except Exception as error:
            batch = self._batch
            self._drop_batch()
            raise failure_of(error, f"a batch of {batch}") from error

    def memory_bytes(self) -> int | None:
        # TensorRT allocates beside PyTorch, which knows nothing of it.
        return None if self._options.mode == "tensorrt" else self._device.memory_bytes()

    @property
    def loaded(self) -> bool:
        return self._model is not None

    def unload(self) -> None:
        self._drop_batch()
        self._model = None

    def _check_python(self) -> None:
        if self._refusal:
            raise unavailable(self._refusal)

    def _drop_batch(self) -> None:
        self._run = None
        self._batch = 0

    def _context(self):
        return self._precision.context(self._torch, self._device)

    def _convert(self, model, chosen, options) -> None:
        # A file's parameters are converted like any module's; those of integers stay.
        if chosen.weights is not self._torch.float32:
            model.module.to(chosen.weights)
        if options.channels_last:
            model.module.to(memory_format=self._torch.channels_last)

    def _shown_inputs(self) -> list[inputs.Input]:
        names = str(self._precision.weights).replace("torch.", "")
        return [
            inputs.Input(each.name, each.shape, names if each.dtype == "float32" else each.dtype)
            for each in self._model.inputs
        ]

    def _settings(self) -> dict:
        return {
            **runtime.settings_of(self._torch),
            **self._device.settings(),
            **self._model.settings,
            **self._mode.settings(self._torch),
            "mode": self._options.mode,
            "channels_last": self._options.channels_last,
            "precision_policy": self._precision.policy,
            "model_kind": self._model.kind,
            "random_inputs": "uniform",
        }
