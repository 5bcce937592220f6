#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The two programs called resolvconf, as Debian ships them: they keep /etc/resolv.conf, we are one of their interfaces.
Their files are laid over the laptop's; nothing is installed on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import unittest
from pathlib import Path

import labtest
from sallylab.linux import slowness, wait_until
from sallylab.topology import PROVIDER_CLIENT4, PROVIDER_DNS4
from test_dns import FILE, DnsCase

STORE = labtest.SOURCE / "build/lab-packages"


def unpacked(package: str) -> Path:
    """The files of a Debian package; fetched once."""
    folder = STORE / package
    if not folder.is_dir():
        if not shutil.which("apt-get"):
            raise unittest.SkipTest(f"the files of {package} come from Debian, and there is no apt-get")
        work = STORE / f"{package}.{os.getpid()}"
        work.mkdir(parents=True)
        fetched = subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package], cwd=work,
                                 capture_output=True, text=True, check=False)
        archive = next(work.glob("*.deb"), None)
        if fetched.returncode or not archive:
            shutil.rmtree(work)
            raise unittest.SkipTest(f"{package} cannot be fetched: {fetched.stderr.strip()[-200:]}")
        subprocess.run(["dpkg-deb", "-x", str(archive), str(work / "files")], check=True)
        (work / "files").rename(folder)
        shutil.rmtree(work)
    return folder


class ResolvconfCase(DnsCase):
    package = ""
    setting_up = ""  # of /etc and /run, in the folder of the package
    card = ""  # what a DHCP client calls its record

    @classmethod
    def setUpClass(cls) -> None:
        labtest.need_root()
        files = unpacked(cls.package)
        super().setUpClass()
        # The old folders are links on this machine, and a package has real ones.
        script = "".join(f"d=$(readlink -f /{name}); [ ! -d {files}/{name} ] || "
                         f"mount -t overlay none -o lowerdir={files}/{name}:$d $d\n" for name in ("sbin", "lib"))
        cls.laptop.output(["sh", "-ec", script + f"cd {files}\n{cls.setting_up}"])

    def setUp(self) -> None:
        self.lab.move("home")
        self.arrange()
        self.renew("10.41.0.1")
        self.before = self.shell(f"ls -l {FILE} | cut -c1-10; readlink {FILE}; cat {FILE}")

    def arrange(self) -> None:
        """What makes /etc/resolv.conf the program's own; moving the laptop wrote a plain file."""

    def renew(self, server: str) -> None:
        self.shell(f"printf 'nameserver {server}\\nsearch lan\\n' | resolvconf -a {self.card}")

    def servers(self) -> list[str]:
        return [line.split()[1] for line in self.shell(f"cat {FILE}").splitlines() if line.startswith("nameserver")]

    def check_the_switch(self) -> None:
        self.assertEqual(self.servers(), ["10.41.0.1"])
        self.sally("exit", "use", "mullvad-se")
        self.assertEqual(self.servers()[0], PROVIDER_DNS4)
        self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
        self.renew("10.41.0.1")
        self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
        self.sally("exit", "off")
        self.assertEqual(self.shell(f"ls -l {FILE} | cut -c1-10; readlink {FILE}; cat {FILE}"), self.before)

    def check_a_lost_record(self, record: str) -> None:
        self.sally("exit", "use", "mullvad-se")
        # In one go, or it may be back already.
        self.assertNotIn(PROVIDER_DNS4, self.shell(f"killall -STOP sallyport-helper; resolvconf -d {record}; cat {FILE}; "
                                                   "killall -CONT sallyport-helper"))
        wait_until(lambda: bool(self.status()) and PROVIDER_DNS4 in self.servers(), 10 * slowness(), "our record")
        self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)

    def check_a_killed_helper(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        for number in range(6):
            old = self.helper()
            self.shell(f"sally exit off --no-wait >/dev/null 2>&1 & sleep 0.0{number}; kill -9 {old}; wait; true")
            self.wait_for_the_next(old)
            self.sally("exit", "off")
            self.assertEqual(self.shell(f"ls -l {FILE} | cut -c1-10; readlink {FILE}; cat {FILE}"), self.before)
            self.sally("exit", "use", "mullvad-se")


class Openresolv(ResolvconfCase):
    lab_name = package = "openresolv"
    setting_up = "cp etc/resolvconf.conf /etc/"
    card = "eth0"

    def arrange(self) -> None:
        self.shell("resolvconf -u")

    def test_the_exits_server_is_the_only_one(self) -> None:
        self.check_the_switch()
        self.sally("exit", "use", "mullvad-se")
        self.assertEqual(self.servers(), [PROVIDER_DNS4])

    def test_a_record_that_is_lost_comes_back(self) -> None:
        self.check_a_lost_record("sally-exit")

    def test_a_killed_helper_leaves_no_record(self) -> None:
        self.check_a_killed_helper()


class Debian(ResolvconfCase):
    lab_name = package = "resolvconf"
    setting_up = "cp -a etc/resolvconf /etc/; mkdir -p /run/resolvconf/interface; touch /run/resolvconf/enable-updates"
    card = "eth0.dhclient"

    def arrange(self) -> None:
        self.shell(f"rm -f {FILE}; ln -s ../run/resolvconf/resolv.conf {FILE}; resolvconf -u")

    def test_the_exits_server_comes_first_and_no_other_is_reached(self) -> None:
        self.check_the_switch()

    def test_a_record_that_is_lost_comes_back(self) -> None:
        self.check_a_lost_record("tun.sally-exit")

    def test_a_killed_helper_leaves_no_record(self) -> None:
        self.check_a_killed_helper()


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
