"""`python -m dashboard`: commands for the person who runs Cairn."""

import sys

from dashboard.cli import main

if __name__ == "__main__":
    sys.exit(main())
