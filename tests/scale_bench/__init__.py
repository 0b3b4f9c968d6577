"""Parts of `make bench-scale`."""
