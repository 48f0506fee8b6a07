"""`python -m knowhow` is the `knowhow` command."""

from knowhow.cli import main

if __name__ == "__main__":
    main()
