"""Networks from their files: what every engine with networks does alike."""

from pathlib import Path

import onnxruntime

from recognition.engines import EngineUnavailable


def load(path: Path, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    """The network of an ONNX file, on the processor. Raises `FileNotFoundError`, `EngineUnavailable` for a bad file."""
    if not path.is_file():
        raise FileNotFoundError(f"The weights are missing: {path}")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no class in common
        raise EngineUnavailable(f"The weights {path} are damaged, or not for this version: {error}") from error
