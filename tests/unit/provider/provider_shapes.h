// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QByteArray>

/// What providers answer, as their public clients read it. The keys are nobody's.
namespace sallyport::test {

inline const QByteArray kKeyOne = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
inline const QByteArray kKeyTwo = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

inline QByteArray mullvadRelays()
{
    return R"({"locations": {"se-sto": {"city": "Stockholm", "country": "Sweden", "latitude": 59.3, "longitude": 18.0},
        "no-osl": {"city": "Oslo", "country": "Norway", "latitude": 59.9, "longitude": 10.7}},
      "wireguard": {"port_ranges": [[53, 53], [4000, 33433], [51820, 51820]], "ipv4_gateway": "10.64.0.1",
        "ipv6_gateway": "fc00:bbbb:bbbb:bb01::1", "shadowsocks_port_ranges": [], "relays": [
        {"hostname": "se-sto-wg-001", "active": true, "owned": true, "location": "se-sto", "provider": "31173",
         "ipv4_addr_in": "185.195.233.76", "ipv6_addr_in": "2a03:1b20:4:f011::a01f", "weight": 100,
         "include_in_country": true, "public_key": ")"
        + kKeyOne + R"(", "features": {"daita": {}}},
        {"hostname": "no-osl-wg-003", "active": true, "owned": false, "location": "no-osl", "provider": "Blix",
         "ipv4_addr_in": "176.125.235.73", "ipv6_addr_in": "2a02:20c8:4124::a03f", "weight": 1,
         "include_in_country": true, "public_key": ")"
        + kKeyTwo + R"("}]}, "bridge": {"shadowsocks": [], "relays": []}})";
}

inline QByteArray mullvadFlatRelays()
{
    return R"([{"hostname": "se-sto-wg-001", "country_code": "se", "country_name": "Sweden", "city_code": "sto",
         "city_name": "Stockholm", "active": true, "owned": true, "provider": "31173", "ipv4_addr_in": "185.195.233.76",
         "ipv6_addr_in": "2a03:1b20:4:f011::a01f", "network_port_speed": 10, "stboot": true, "type": "wireguard",
         "pubkey": ")"
        + kKeyOne + R"(", "multihop_port": 3151, "socks_name": "se-sto-wg-socks5-001", "status_messages": []},
        {"hostname": "no-osl-wg-003", "country_code": "no", "country_name": "Norway", "city_code": "osl",
         "city_name": "Oslo", "active": true, "owned": false, "provider": "Blix", "ipv4_addr_in": "176.125.235.73",
         "type": "wireguard", "pubkey": ")"
        + kKeyTwo + R"(", "multihop_port": 3201},
        {"hostname": "se-sto-br-001", "type": "bridge"}])";
}

inline QByteArray ivpnServers()
{
    return R"({"wireguard": [{"gateway": "se.wg.ivpn.net", "country_code": "SE", "country": "Sweden",
        "city": "Stockholm", "latitude": 59.3, "longitude": 18.0, "isp": "GleSYS", "hosts": [
        {"hostname": "se1.wg.ivpn.net", "host": "80.67.10.138", "dns_name": "se1.wg.ivpn.net", "public_key": ")"
        + kKeyOne + R"(", "local_ip": "172.16.0.1/12", "ipv6": {"host": "2a06:9f80::1", "local_ip": "fd00::1/64"},
         "multihop_port": 20501, "load": 22.5, "v2ray": "80.67.10.140"}]}], "openvpn": [],
      "config": {"antitracker": {"default": {"ip": "10.0.254.2"}, "hardcore": {"ip": "10.0.254.3"}},
        "ports": {"openvpn": [], "wireguard": [{"type": "UDP", "port": 2049},
          {"type": "UDP", "range": {"min": 20000, "max": 29999}}, {"type": "TCP", "port": 80}]}}})";
}

inline QByteArray mullvadDevice()
{
    return R"({"id": "a1b2-c3", "name": "mellow merlin", "pubkey": ")" + kKeyOne
        + R"(", "hijack_dns": false, "created": "2026-03-01T10:11:12+00:00", "ipv4_address": "10.64.3.7/32",
         "ipv6_address": "fc00:bbbb:bbbb:bb01::3:7/128", "ports": []})";
}

inline QByteArray ivpnSession()
{
    return R"({"status": 200, "token": "t0ken", "vpn_username": "u", "vpn_password": "p", "device_name": "Calm Carp",
        "service_status": {"is_active": true, "active_until": 1800000000, "capabilities": ["multihop"]},
        "wireguard": {"status": 200, "ip_address": "172.27.4.5"}})";
}

} // namespace sallyport::test
