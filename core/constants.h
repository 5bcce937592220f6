// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QtGlobal>

#include <array>

/// Every number and name by which the rest of the system can recognise us. docs/architecture.md explains them.
namespace sallyport {

inline constexpr char kHomeLink[] = "sally-home";
inline constexpr char kExitLink[] = "sally-exit";
/// IFLA_GROUP of links that we made. Set in the message that creates the link, so there is no moment without it.
inline constexpr quint32 kLinkGroup = 0x5a11;

/// Only bits 24-31 are ours: tailscaled saves and clears bits 16-23 (tailscale#19787), wg-quick uses the low ones.
inline constexpr quint32 kMarkMask = 0xff000000;
inline constexpr quint32 kHomeMark = 0xa1000000;
inline constexpr quint32 kExitMark = 0xa2000000;
inline constexpr quint32 kExcludedMark = 0xa3000000;
inline constexpr quint32 kControlMark = 0xa4000000;
inline constexpr std::array kMarks = {kHomeMark, kExitMark, kExcludedMark, kControlMark};

inline constexpr quint32 kMainTable = 254;
inline constexpr quint32 kHomeTable = 2576;
inline constexpr quint32 kExitTable = 2592;
inline constexpr quint32 kGatewayTable = 2608;
/// rtm_protocol of our routes and FRA_PROTOCOL of our rules: what carries it is ours, nothing else is.
inline constexpr quint8 kRouteProtocol = 142;

inline constexpr quint32 kUnderlayPreference = 5100; ///< + index into kMarks
inline constexpr quint32 kUnderlayStopPreference = 5110; ///< + index into kMarks
inline constexpr quint32 kHomePreference = 5150;
inline constexpr quint32 kGatewayPreference = 5160;
inline constexpr quint32 kGatewayStopPreference = 5161;
inline constexpr quint32 kExitPreference = 5400;

/// Metric of the `unreachable default` that stays when the link goes (plumbing.md section 6.2).
inline constexpr quint32 kUnreachableMetric = 4278198272;

inline constexpr char kPlumbingTable[] = "sallyport";
inline constexpr char kGuardTable[] = "sallyport_guard";
inline constexpr char kActivityTable[] = "sallyport_activity"; ///< only while meshd waits for payload
inline constexpr char kPinTable[] = "sallyport_pin"; ///< only while an endpoint moves

inline constexpr char kStateFolder[] = "/var/lib/sallyport";
inline constexpr char kBootGuardFile[] = "lockdown.nft"; ///< loaded by the early-boot unit; there while the guard is
inline constexpr char kUnlockedFile[] = "unlocked"; ///< `sally unlock` asks the next helper for Exit and lockdown off

inline constexpr char kBusName[] = "org.sallyport.Helper";
inline constexpr char kObjectPath[] = "/org/sallyport/Helper";
inline constexpr char kInterface[] = "org.sallyport.Helper1";
inline constexpr char kMeshInterface[] = "org.sallyport.HelperMesh1"; ///< for meshd alone
inline constexpr char kMeshUser[] = "sallyport-mesh";
inline constexpr quint32 kApiVersion = 1;

inline constexpr quint16 kDefaultHomePort = 51820;
inline constexpr quint32 kMaximumMtu = 1420;
inline constexpr quint32 kMinimumMtu = 1280; ///< RFC 8200 section 5: IPv6 needs it
inline constexpr quint32 kTunnelOverhead = 80; ///< outer IPv6 40 + UDP 8 + WireGuard 32

} // namespace sallyport
