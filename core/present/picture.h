// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/device_rows.h"
#include "core/present/tray_model.h"

#include <QDateTime>
#include <QPointF>

#include <vector>

/// Who reaches whom how, as something that can be drawn and told. Pure.
namespace sallyport {

struct PictureNode {
    QString name;
    Glyph glyph = Glyph::Off;
    PathLine line = PathLine::None;
    QString path; ///< in words
    double weight = 0; ///< 0 to 1: how much has gone to and fro, on a scale of powers of ten

    bool operator==(const PictureNode &) const = default;
};

struct PictureModel {
    QString me; ///< empty: Home is not set up
    std::vector<PictureNode> nodes; ///< those that answer first
    int more = 0; ///< devices that there was no room for
    QString exitName; ///< the gate; empty: Exit is off
    Glyph exitGlyph = Glyph::Off;
    QString exitWords;

    bool operator==(const PictureModel &) const = default;
};

inline constexpr std::size_t kMostNodes = 20;

PictureModel pictureOf(const Snapshot &snapshot);
/// The same, to be heard.
QStringList sentencesOf(const PictureModel &picture);
/// Where each node stands around us in the middle, from -1 to 1: the nearer the path, the nearer the node. The gate at the
/// right edge keeps its place free.
std::vector<QPointF> placesOf(const std::vector<PictureNode> &nodes);

struct PictureMoment {
    QDateTime at;
    PictureModel picture;

    bool operator==(const PictureMoment &) const = default;
};

/// The last 24 hours; a moment is kept if something looks different, apart from how much has gone to and fro.
std::vector<PictureMoment> withMoment(std::vector<PictureMoment> moments, const PictureMoment &moment);

} // namespace sallyport
