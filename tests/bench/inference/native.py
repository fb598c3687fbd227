"""Native ONNX Runtime on one thread, on the same frames: a contestant that is asked over stdin.

Each line asks for one thing and is answered by one line of JSON: `features` by those of each frame,
`round` by the mean milliseconds of one frame.

    python native.py PACKAGE BACKBONE FRAMES
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from training.runtime import session


def main(package: Path, backbone: str, frames_file: Path) -> None:
    expected = json.loads((package / "model.json").read_text())["input"]
    size = (-1, expected["height"], expected["width"], 3)
    pixels = np.fromfile(frames_file, dtype=np.uint8).reshape(size) / 255
    values = ((pixels - expected["mean"]) / expected["std"]).astype(np.float32)
    frames = [np.ascontiguousarray(frame.transpose(2, 0, 1)[None]) for frame in values]
    graph = session((package / backbone).read_bytes())
    name = graph.get_inputs()[0].name
    for line in sys.stdin:
        if line.strip() == "features":
            features = [graph.run(None, {name: frame})[0][0].tolist() for frame in frames]
            print(json.dumps(features), flush=True)
        else:
            started = time.perf_counter()
            for frame in frames:
                graph.run(None, {name: frame})
            print(1000 * (time.perf_counter() - started) / len(frames), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
