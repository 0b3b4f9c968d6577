"""`make test-faults`: what goes wrong, tried for real.

Real broker, real boards (the firmware on MicroPython), the server's verbs in processes of their own, and between all
of them a small proxy that knows MQTT's packets. docs/faults.md says what is done and what was found.
"""
