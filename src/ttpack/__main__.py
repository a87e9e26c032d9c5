"""`python -m ttpack` is the command."""

import sys

from ttpack.cli.main import main

sys.exit(main())
