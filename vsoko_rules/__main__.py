"""`python -m vsoko_rules` is `vsoko`."""

from vsoko_rules.cli import main

if __name__ == "__main__":
    main()
