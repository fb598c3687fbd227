"""ONNX's own backend node suite on our engine: all cases whose graphs hold only its operators."""

from collections.abc import Iterator

import numpy as np
import onnx
import pytest
from engine_tool import EngineError, EngineTool
from node_suite import CASES, OURS
from onnx.backend.test.case.test_case import TestCase

# Cases that the engine does not claim, and why: it must say "needs ONNX Runtime" to each.
OTHER_INTEGERS = "integers other than int8, uint8, int32 and int64"
SMALL_FLOATS = "floats of 8 or 4 bits"
SMALL_INTEGERS = "integers of 4 or 2 bits"
TRAINING = "training mode: there is nothing to train in a page"
NOT_CLAIMED = {
    "test_add_int16": OTHER_INTEGERS,
    "test_add_uint16": OTHER_INTEGERS,
    "test_add_uint32": OTHER_INTEGERS,
    "test_add_uint64": OTHER_INTEGERS,
    "test_batchnorm_epsilon_training_mode": TRAINING,
    "test_batchnorm_example_training_mode": TRAINING,
    "test_dequantizelinear_e4m3fn": SMALL_FLOATS,
    "test_dequantizelinear_e4m3fn_float16": SMALL_FLOATS,
    "test_dequantizelinear_e4m3fn_zero_point": SMALL_FLOATS,
    "test_dequantizelinear_e5m2": SMALL_FLOATS,
    "test_dequantizelinear_float4e2m1": SMALL_FLOATS,
    "test_dequantizelinear_int16": OTHER_INTEGERS,
    "test_dequantizelinear_int2": SMALL_INTEGERS,
    "test_dequantizelinear_int4": SMALL_INTEGERS,
    "test_dequantizelinear_uint16": OTHER_INTEGERS,
    "test_dequantizelinear_uint2": SMALL_INTEGERS,
    "test_dequantizelinear_uint4": SMALL_INTEGERS,
    "test_quantizelinear_blocked_symmetric": OTHER_INTEGERS,
    "test_quantizelinear_e4m3fn": SMALL_FLOATS,
    "test_quantizelinear_e5m2": SMALL_FLOATS,
    "test_quantizelinear_float4e2m1": SMALL_FLOATS,
    "test_quantizelinear_int16": OTHER_INTEGERS,
    "test_quantizelinear_int2": SMALL_INTEGERS,
    "test_quantizelinear_int4": SMALL_INTEGERS,
    "test_quantizelinear_uint16": OTHER_INTEGERS,
    "test_quantizelinear_uint2": SMALL_INTEGERS,
    "test_quantizelinear_uint4": SMALL_INTEGERS,
}


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineTool]:
    with EngineTool() as tool:
        yield tool


def test_the_suite_is_the_one_the_table_was_made_for() -> None:
    assert onnx.__version__ == "1.23.2"
    assert len(CASES) == 1884
    assert len(OURS) == 134
    assert set(NOT_CLAIMED) <= {case.name for case in OURS}


@pytest.mark.parametrize("case", OURS, ids=lambda case: case.name)
def test_node_suite(engine: EngineTool, case: TestCase) -> None:
    model = case.model.SerializeToString()
    for given, wanted in case.data_sets:
        # Types that numpy does not have come as TensorProto.
        inputs = [
            onnx.numpy_helper.to_array(one) if isinstance(one, onnx.TensorProto) else one
            for one in given
        ]
        if case.name in NOT_CLAIMED:
            with pytest.raises(EngineError, match="operator-unsupported: needs ONNX Runtime"):
                engine.run(model, inputs)
            continue
        outputs = engine.run(model, inputs)
        assert len(outputs) == len(wanted)
        for ours, theirs in zip(outputs, wanted, strict=True):
            assert ours.shape == theirs.shape
            assert ours.dtype == theirs.dtype
            np.testing.assert_allclose(ours, theirs, rtol=case.rtol, atol=case.atol)
