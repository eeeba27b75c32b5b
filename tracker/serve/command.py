"""`tracker serve`: the reports in a browser, for as long as it runs."""

import asyncio
import errno
import logging
import signal
import webbrowser
from contextlib import suppress
from typing import Annotated

import typer

from tracker.config import Config, load
from tracker.sections import is_loopback
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, fail, out

app = typer.Typer()

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""All addresses of this machine, which are none that a browser could ask, and the one at which it is to be asked."""


@app.command("serve")
def serve_reports(
    *,
    host: Annotated[
        str | None, typer.Option(help="Address to be reached at; any but this machine's own asks for a password.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes a free one.")] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show the reports of all days in a browser, made from the database when they are asked for, until stopped.

    Reads only, and works while a crawl writes. On this machine alone unless --host says otherwise; then a password is
    needed, in the environment variable TRACKER_SERVE__PASSWORD (any user name goes with it).
    """
    config = load(config_path)
    host = host or config.serve.host
    if not is_loopback(host) and config.serve.password is None:
        fail(
            f"--host {host}: others could read everything here, so a password is needed: set TRACKER_SERVE__PASSWORD "
            "in the environment, or in the file that TRACKER_SECRETS names",
            2,
        )
    try:
        asyncio.run(_served(config, host, config.serve.port if port is None else port, open_it=open_it))
    except KeyboardInterrupt:  # where signals are no events of the loop
        pass
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES} and not error.strerror:
            raise
        fail(_unbound(host, config.serve.port if port is None else port, error), 1)


async def _served(config: Config, host: str, port: int, *, open_it: bool) -> None:
    """Serve until SIGINT or SIGTERM."""
    from aiohttp import web  # noqa: PLC0415  heavy, as is what it serves
    from aiohttp.http import HttpProcessingError  # noqa: PLC0415

    from tracker.serve.pages import Pages  # noqa: PLC0415
    from tracker.serve.server import Server  # noqa: PLC0415

    # What is no HTTP is answered as that; in a log it would only be a page of our own inside for each.
    logging.getLogger("aiohttp.server").addFilter(
        lambda record: not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))
    )
    server = Server(Pages(config), config.report.days, config.serve.password, loopback=is_loopback(host))
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=2)
    await runner.setup()
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    try:
        await web.TCPSite(runner, host, port, reuse_address=True).start()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, stop.set)
        port = runner.addresses[0][1]
        here = EVERYWHERE.get(host, host)
        address = _address(here, port)
        others = "" if here == host else f", and for others at this machine's name or address, port {port}"
        out.print(f"The reports are at [bold]{address}[/bold]{others}; Ctrl+C stops it.", soft_wrap=True)
        if not is_loopback(host):
            out.print(
                "It asks for the password, which goes over the network as it is: only where you trust everybody on it, "
                "or behind a proxy with TLS.",
                soft_wrap=True,
            )
        if open_it:
            webbrowser.open(address)
        await stop.wait()
    finally:
        await runner.cleanup()


def _address(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _unbound(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"{host}, port {port}: taken by another program, perhaps another `tracker serve`; --port 0 takes a free one"
        )
    if error.errno == errno.EACCES:
        return f"{host}, port {port}: not allowed for this user; ports from 1024 on are"
    return f"--host {host}: no address of this machine ({error.strerror or error})"
