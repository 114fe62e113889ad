"""A target whose module never finishes loading."""

import time

time.sleep(30)


def shout(payload: bytes) -> bytes:
    return payload.upper()
