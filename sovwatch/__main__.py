"""`python -m sovwatch`."""

from sovwatch.cli import main

main()
