"""ONNX's own backend node suite, and of it the cases whose graphs hold only our engine's operators.

As a program it writes their graphs into a folder, for the engine's fuzzer to start from.
"""

import sys
import warnings
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from onnx.backend.test.case.node import collect_testcases

    CASES = collect_testcases(None)

OPERATORS = {
    "Add",
    "BatchNormalization",
    "Clip",
    "Conv",
    "DequantizeLinear",
    "Flatten",
    "Gemm",
    "GlobalAveragePool",
    "LSTM",
    "MatMul",
    "QuantizeLinear",
    "ReduceMean",
    "Relu",
    "Reshape",
    "Softmax",
    "Squeeze",
    "Transpose",
    "Unsqueeze",
}

OURS = [case for case in CASES if {node.op_type for node in case.model.graph.node} <= OPERATORS]

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for case in OURS:
        (folder / f"{case.name}.onnx").write_bytes(case.model.SerializeToString())
