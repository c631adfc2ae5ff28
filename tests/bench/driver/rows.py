"""All rows by number."""
from bench import Bench  # noqa: F401
from control_rows import calls, events
from decode_rows import capacity, decoding, grid, snapshot
from receive_rows import bulk, instructions, receiving, threads, wake_ups
from size_rows import library, memory
from start_rows import first_picture, latency, reopening

ROWS = {1: receiving, 2: instructions, 3: bulk, 4: wake_ups, 5: threads, 6: decoding, 7: grid, 8: capacity, 9: latency, 10: first_picture, 12: reopening,
        14: snapshot, 19: memory, 20: library, 21: events, 22: calls}
