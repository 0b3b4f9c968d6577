"""Parts of `make bench-gate`: from a decision committed to the pulse on the board, with few and with many boards."""
