"""The engine as a program of its own: graphs and inputs in, outputs out."""

import os
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import onnx
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]

Array = NDArray[np.generic]


class EngineError(Exception):
    """What the engine refused, with the code of the error first."""


class EngineTool:
    """A running engine_tool; the native one, or the program ACTIONSCOPE_ENGINE_TOOL names."""

    def __init__(self) -> None:
        """Start the program."""
        default = ROOT / "build" / "native" / "tests" / "cpp" / "engine_tool"
        command = os.environ.get("ACTIONSCOPE_ENGINE_TOOL", str(default)).split()
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        """Return the running program."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the program."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def run(self, model: bytes, inputs: Sequence[Array]) -> list[Array]:
        """Return the graph's outputs, or raise EngineError."""
        request = [struct.pack("<I", len(model)), model, struct.pack("<I", len(inputs))]
        for values in inputs:
            elements = np.ascontiguousarray(values).tobytes()
            sizes = struct.pack(f"<I{values.ndim}q", values.ndim, *values.shape)
            request += [sizes, struct.pack("<I", len(elements)), elements]
        if self._process.stdin is None:
            raise EngineError("engine_tool has no input")
        self._process.stdin.write(b"".join(request))
        self._process.stdin.flush()
        if self._number() != 0:
            raise EngineError(self._bytes(self._number()).decode())
        return [self._tensor() for _ in range(self._number())]

    def _bytes(self, count: int) -> bytes:
        data = b"" if self._process.stdout is None else self._process.stdout.read(count)
        if len(data) != count:
            raise EngineError("engine_tool ended")
        return data

    def _number(self) -> int:
        return int(struct.unpack("<I", self._bytes(4))[0])

    def _tensor(self) -> Array:
        kind = onnx.helper.tensor_dtype_to_np_dtype(self._number())
        rank = self._number()
        shape = struct.unpack(f"<{rank}q", self._bytes(8 * rank))
        return np.frombuffer(self._bytes(self._number()), kind).reshape(shape)
