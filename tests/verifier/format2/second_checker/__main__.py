"""The checker as a program."""

import sys

from . import main

sys.exit(main(sys.argv[1:]))
