"""ONNX Runtime and PyTorch, as the training uses them."""

import os
from collections.abc import Callable
from typing import TypeVar

import onnxruntime
import torch

T = TypeVar("T")


def session(graph: bytes) -> onnxruntime.InferenceSession:
    """Return an ONNX graph ready to run on the CPU, one thread a call."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # Else the 8-bit weights of a quantised graph are turned into floats in every run.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def on_all_cores(work: Callable[[], T]) -> T:
    """Return what `work` returns, PyTorch using every core in it."""
    threads = torch.get_num_threads()
    torch.set_num_threads(os.cpu_count() or 1)
    try:
        return work()
    finally:
        torch.set_num_threads(threads)
