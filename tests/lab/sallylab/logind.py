# SPDX-License-Identifier: GPL-2.0-or-later
"""logind played by a test: what it says before and after a sleep."""

from __future__ import annotations


def say_sleep(begins: bool) -> None:
    """In the node: takes logind's name for as long as it takes to say it. Who listens, hears only the owner of that name."""
    import dbus  # of Debian's own python3
    from dbus.lowlevel import SignalMessage

    connection = dbus.bus.BusConnection(dbus.bus.BusConnection.TYPE_SYSTEM)
    connection.request_name("org.freedesktop.login1")
    message = SignalMessage("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep")
    message.append(dbus.Boolean(begins))
    connection.send_message(message)
    connection.flush()
    connection.close()
