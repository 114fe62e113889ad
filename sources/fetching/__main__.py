"""`python -m sources.fetching FILE --url URL`: print what is read, as JSON.

`text` is the body of the article: `title` has its headline, and captions and boilerplate are left out.
"""

import argparse
import json
import sys
from pathlib import Path

from sources.fetching.reading import read


def main(arguments: list[str]) -> int:
    """Read the file and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sources.fetching", description=__doc__)
    parser.add_argument("file", type=Path, help="a page saved from the web")
    parser.add_argument("--url", default="https://example.com/", help="where it is from")
    parser.add_argument("--media-type", default="text/html")
    parser.add_argument("--charset", default="", help="what HTTP said, if it did")
    asked = parser.parse_args(arguments)
    reading = read(asked.file.read_bytes(), media_type=asked.media_type, charset=asked.charset, url=asked.url)
    print(json.dumps(reading.printed().as_json(), indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
