"""ONNX Runtime, as the training uses it."""

import onnxruntime


def session(graph: bytes) -> onnxruntime.InferenceSession:
    """Return an ONNX graph ready to run on the CPU, one thread a call."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
