"""The parts of `make bench-recognition`; `tests/bench_recognition.py` is its door."""
