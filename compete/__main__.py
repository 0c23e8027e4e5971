"""`python -m compete`: the administrator's command where nothing is installed."""

from compete.office.cli import main

if __name__ == "__main__":
    main()
