"""The `tracker` command, also as `python -m tracker`."""

import sys


def run() -> None:
    """Run the command. Ctrl-C while it still loads ends it like Ctrl-C later on: without a traceback."""
    # DuckDB looks up pandas at a query's first parameter, to see that it is none of its values, and importing it takes
    # half as long as everything else. Nothing here needs it.
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
    try:
        from tracker.cli import main  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.exit(130)
    main()


if __name__ == "__main__":
    run()
