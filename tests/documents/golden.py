"""Golden copies in tests/golden: compared octet by octet.

Run the tests with GOLDEN=write to write them anew, then read the difference in git.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def check(name, octets):
    """Compare with the golden copy of this name, or write it."""
    path = FOLDER / name
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(octets)
    assert path.exists(), f"{name} is missing: run once with GOLDEN=write and read what it wrote"
    assert octets == path.read_bytes(), f"{name} differs: GOLDEN=write, then read the difference"
