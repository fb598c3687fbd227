"""Adds up JUnit reports.

Prints `N passed, N failed, N skipped`, and exits 1 if a test failed, a report is missing, or
nothing passed.
"""

import sys
import xml.etree.ElementTree as ET


def count(path: str) -> tuple[int, int, int]:
    """Passed, failed and skipped test cases of one report; an unreadable one is one failure."""
    try:
        cases = list(ET.parse(path).iter("testcase"))
    except (OSError, ET.ParseError) as error:
        print(f"{path}: no readable report ({error})", file=sys.stderr)
        return 0, 1, 0
    failed = sum(
        case.find("failure") is not None or case.find("error") is not None for case in cases
    )
    skipped = sum(case.find("skipped") is not None for case in cases)
    return len(cases) - failed - skipped, failed, skipped


def main() -> int:
    """Sum the reports named as arguments."""
    passed, failed, skipped = map(sum, zip(*map(count, sys.argv[1:]), strict=True))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
