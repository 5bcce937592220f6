// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/tray_model.h"
#include "core/present/ways.h"

/// The devices of Home as a list and one of them in full. Pure.
namespace sallyport {

/// How a path is drawn: shape before colour.
enum class PathLine {
    None,
    Solid, ///< on this network
    Dashed, ///< through the internet
    Dotted, ///< through another device
};

struct DeviceRow {
    QString name;
    QString address; ///< in the mesh
    Glyph glyph = Glyph::Off;
    PathLine line = PathLine::None;
    QString path; ///< in words
    QString roundTrip; ///< empty: not measured
    QString handshake; ///< since the last one; empty: never
    QString traffic;

    bool operator==(const DeviceRow &) const = default;
};

/// One way to a device, as the ledger knows it.
struct WayRow {
    QString address; ///< as `sally device pin` wants it
    QString source;
    QString reason; ///< why it is used or not
    QString measured; ///< round trip, answers
    bool isInUse = false;
    Preference preference = Preference::None;

    bool operator==(const WayRow &) const = default;
};

struct DeviceDetails {
    DeviceRow row;
    QStringList addresses;
    QString key;
    QString endpoint;
    QString agent; ///< whether Sallyport runs there
    QString exitName; ///< the exit through it; empty: none is set up
    std::vector<WayRow> ways;

    bool operator==(const DeviceDetails &) const = default;
};

/// In the order of the configuration, which the person chose.
std::vector<DeviceRow> deviceRows(const Snapshot &snapshot, const std::vector<LedgerPeer> &ledger);
/// None: there is no device of that name.
std::optional<DeviceDetails> deviceDetails(
    const Snapshot &snapshot, const std::vector<LedgerPeer> &ledger, const QString &name);

} // namespace sallyport
