#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""provider_server.py FOLDER: Mullvad and IVPN on 127.0.0.1 over TLS, with certificates made here.

Prints its port, then obeys lines on its standard input, each answered with one line:
`play SCENARIO` begins anew and misbehaves as told, `log` gives everything that was asked as a JSON list.
"""
import base64
import hashlib
import http.server
import json
import pathlib
import ssl
import subprocess
import sys
import threading
import time

KEY_ONE = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
KEY_TWO = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="
ACCOUNT, IVPN_ACCOUNT = "1234567812345678", "i-ABCD-EFGH-1234"
CERTIFICATES = {  # name: (host, first day, last day)
    "good": ("localhost", "20200101000000Z", "20490101000000Z"),
    "name": ("other.example", "20200101000000Z", "20490101000000Z"),
    "expired": ("localhost", "20200101000000Z", "20210101000000Z"),
    "future": ("localhost", "20450101000000Z", "20490101000000Z"),
}
CA_CONFIG = """[ca]
default_ca = d
[d]
database = {f}/index
serial = {f}/serial
new_certs_dir = {f}
default_md = sha256
policy = p
unique_subject = no
copy_extensions = copy
[p]
commonName = supplied
"""


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def new_key(path: pathlib.Path) -> list[str]:
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(path)]


def authority(folder: pathlib.Path, name: str) -> None:
    openssl("req", "-x509", *new_key(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem"), "-days", "9999",
            "-subj", f"/CN=Sallyport test {name}")


def make_certificates(folder: pathlib.Path) -> dict[str, ssl.SSLContext]:
    (folder / "index").write_text("")
    (folder / "serial").write_text("1000\n")
    (folder / "ca.cnf").write_text(CA_CONFIG.format(f=folder))
    authority(folder, "ca")
    authority(folder, "stranger")
    wanted = [(name, "ca", *rest) for name, rest in CERTIFICATES.items()]
    wanted.append(("unknown", "stranger", *CERTIFICATES["good"]))
    contexts = {}
    for name, issuer, host, first, last in wanted:
        request, pem, key = folder / f"{name}.csr", folder / f"{name}.pem", folder / f"{name}.key"
        openssl("req", *new_key(key), "-out", str(request), "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}")
        openssl("ca", "-batch", "-config", str(folder / "ca.cnf"), "-cert", str(folder / f"{issuer}.pem"), "-keyfile",
                str(folder / f"{issuer}.key"), "-in", str(request), "-out", str(pem), "-startdate", first, "-enddate", last,
                "-notext")
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(pem, key)
    return contexts


def relays() -> bytes:
    def relay(host: str, place: str, address: str, key: str) -> dict:
        return {"hostname": host, "active": True, "owned": True, "location": place, "provider": "31173", "weight": 100,
                "ipv4_addr_in": address, "ipv6_addr_in": "2001:db8::1", "include_in_country": True, "public_key": key}
    places = {"se-sto": {"city": "Stockholm", "country": "Sweden"}, "no-osl": {"city": "Oslo", "country": "Norway"}}
    return json.dumps({"locations": places, "wireguard": {
        "port_ranges": [[53, 53], [4000, 33433], [51820, 51820]], "ipv4_gateway": "10.64.0.1", "relays": [
            relay("se-sto-wg-001", "se-sto", "198.51.100.7", KEY_ONE),
            relay("no-osl-wg-003", "no-osl", "198.51.100.9", KEY_TWO)]}}).encode()


def flat_relays() -> bytes:
    def relay(host: str, country: str, city: str, address: str, key: str, port: int) -> dict:
        return {"hostname": host, "country_code": host[:2], "country_name": country, "city_name": city, "active": True,
                "type": "wireguard", "ipv4_addr_in": address, "pubkey": key, "multihop_port": port}
    return json.dumps([relay("se-sto-wg-001", "Sweden", "Stockholm", "198.51.100.7", KEY_ONE, 3151),
                       relay("no-osl-wg-003", "Norway", "Oslo", "198.51.100.9", KEY_TWO, 3201)]).encode()


def ivpn_servers() -> bytes:
    host = {"hostname": "se1.wg.ivpn.net", "host": "198.51.100.20", "public_key": KEY_ONE, "local_ip": "172.16.0.1/12",
            "multihop_port": 20501}
    return json.dumps({"wireguard": [{"country_code": "SE", "country": "Sweden", "city": "Stockholm", "hosts": [host]}],
                       "config": {"antitracker": {"default": {"ip": "10.0.254.2"}, "hardcore": {"ip": "10.0.254.3"}},
                                  "ports": {"wireguard": [{"type": "UDP", "port": 2049}]}}}).encode()


def device(number: int, key: str) -> dict:
    return {"id": f"device-{number}", "name": f"calm carp {number}", "pubkey": key, "hijack_dns": False,
            "created": f"2026-0{number % 9 + 1}-01T10:00:00+00:00", "ipv4_address": f"10.64.3.{number}/32",
            "ipv6_address": f"fc00:bbbb:bbbb:bb01::3:{number}/128"}


class World:
    """What the providers know; one request at a time."""

    def __init__(self, scenario: str, log: list[str]) -> None:
        self.scenario, self.log, self.token, self.number = scenario, log, 0, 10
        count = 5 if scenario == "full" else 1
        self.devices = [device(n, base64.b64encode(bytes([n] * 32)).decode()) for n in range(1, count + 1)]

    def add(self, key: str) -> dict:
        self.number += 1
        self.devices.append(device(self.number, KEY_TWO if self.scenario == "another-key" else key))
        return self.devices[-1]


class Handler(http.server.BaseHTTPRequestHandler):
    world: World

    def log_message(self, *_: object) -> None:
        pass

    def reply(self, status: int, body: bytes | dict | list = b"", **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def misbehave(self) -> bool:
        scenario = self.world.scenario
        if scenario == "rate-limited":
            self.reply(429, {"code": "THROTTLED"}, Retry_After="120")
        elif scenario == "down":
            self.reply(503, b"<html>maintenance</html>")
        elif scenario == "html":
            self.reply(200, b"<html>Welcome to the hotel</html>")
        elif scenario == "redirect":
            self.reply(302, b"", Location=f"https://localhost:{self.server.server_port}/elsewhere")
        elif scenario == "slow":
            time.sleep(20)
        elif scenario == "cut-off":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"access_token"')
        elif scenario == "endless":
            self.endless()
        else:
            return False
        return True

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * 65536)
        except OSError:
            self.world.log.append("endless: the other side closed")

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(length)
        keys = ",".join(sorted(json.loads(text))) if text else ""
        extra = [name for name in ("Cookie", "Authorization", "If-None-Match") if name in self.headers]
        self.world.log.append(" ".join([self.command, self.path, *filter(None, [keys]), *extra]))
        if self.misbehave():
            return
        body = json.loads(text) if text else {}
        if self.path.startswith(("/v4/", "/v5/")):
            self.ivpn(body)
        elif self.path.startswith("/accounts/"):
            self.account(body)
        else:
            self.public(body)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def public(self, body: dict) -> None:
        scenario, digest = self.world.scenario, hashlib.sha256(relays()).hexdigest()
        if self.path == "/auth/v1/token" and body.get("account_number") == ACCOUNT:
            self.world.token += 1
            self.reply(200, {"access_token": f"mva_{self.world.token}", "expiry": "2040-01-01T00:00:00+00:00"},
                       Set_Cookie="id=1; Path=/")
        elif self.path == "/auth/v1/token":
            self.reply(401, {"code": "INVALID_ACCOUNT", "detail": "no such account"})
        elif self.path == "/trl/v0/timestamps/latest" and scenario not in ("unannounced", "flat-only"):
            self.reply(200, json.dumps({"digest": digest, "timestamp": "2026-12-01"}).encode() + b"\n\nversion=2\n")
        elif self.path == f"/trl/v0/data/{digest}":
            self.reply(200, relays() + (b" " if scenario == "wrong-digest" else b""))
        elif self.path == "/app/v1/relays" and scenario != "flat-only":
            self.tagged(relays())
        elif self.path == "/www/relays/all":
            self.tagged(flat_relays())
        else:
            self.reply(404, {"code": "NOT_FOUND"})

    def tagged(self, body: bytes) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()[:8]}"'
        if self.headers.get("If-None-Match") == tag:
            self.reply(304, b"", ETag=tag)
        else:
            self.reply(200, body, ETag=tag)

    def account(self, body: dict) -> None:
        world, parts = self.world, self.path.strip("/").split("/")
        if self.headers.get("Authorization") != f"Bearer mva_{world.token}" or world.scenario == "token-over":
            world.scenario = "" if world.scenario == "token-over" else world.scenario
            return self.reply(401, {"code": "INVALID_ACCESS_TOKEN"})
        if parts[2:] == ["accounts", "me"]:
            year = "2021" if world.scenario == "expired" else "2040"
            return self.reply(200, {"id": "x", "expiry": f"{year}-01-01T00:00:00+00:00"})
        known = next((one for one in world.devices if parts[3:] and one["id"] == parts[3]), None)
        if parts[3:] and not known:
            return self.reply(404, {"code": "DEVICE_NOT_FOUND"})
        if self.command == "GET":
            return self.reply(200, world.devices)
        if self.command == "DELETE":
            world.devices.remove(known)
            return self.reply(204)
        if world.scenario == "key-in-use":
            return self.reply(400, {"code": "PUBKEY_IN_USE"})
        if self.command == "PUT":
            known.update(pubkey=body["pubkey"], ipv4_address="10.64.7.7/32")
            return self.reply(200, known)
        if len(world.devices) >= 5:
            return self.reply(400, {"code": "MAX_DEVICES_REACHED"})
        return self.reply(201, world.add(body["pubkey"]))

    def ivpn(self, body: dict) -> None:
        codes = {"full": 602, "expired": 702, "captcha": 70001, "second-factor": 70011}
        code = codes.get(self.world.scenario)
        if self.path == "/v5/servers.json":
            return self.tagged(ivpn_servers())
        if self.path == "/v4/session/new" and body["username"] != IVPN_ACCOUNT:
            return self.reply(401, {"status": 401, "message": "no"})
        is_solved = body.get("force") if code == 602 else body.get("confirmation") == "123456"
        if self.path == "/v4/session/new" and code and not is_solved:
            return self.reply(200, {"status": code, "message": "no"})
        if self.path == "/v4/session/new":
            return self.reply(200, {"status": 200, "token": "ivpn-token", "device_name": "Calm Carp",
                                    "service_status": {"is_active": True, "active_until": 2208988800},
                                    "wireguard": {"status": 200, "ip_address": "172.27.4.5"}})
        if body.get("session_token") != "ivpn-token" or self.world.scenario == "session-over":
            return self.reply(200, {"status": 601})
        return self.reply(200, {"status": 200, "ip_address": "172.27.4.6"})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    contexts: dict[str, ssl.SSLContext] = {}
    certificate = "good"

    def finish_request(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        request.settimeout(30)
        try:
            secure = self.contexts[self.certificate].wrap_socket(request, server_side=True)
            self.RequestHandlerClass(secure, client_address, self)
            secure.unwrap()
        except OSError:
            pass


def main(folder: pathlib.Path) -> None:
    log: list[str] = []
    Handler.world = World("", log)
    Server.contexts = make_certificates(folder)
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    for line in sys.stdin:
        command, _, scenario = line.strip().partition(" ")
        if command == "play":
            log.clear()
            server.certificate = scenario.removeprefix("tls-") if scenario.startswith("tls-") else "good"
            Handler.world = World(scenario, log)
        print(json.dumps(log) if command == "log" else "done", flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
