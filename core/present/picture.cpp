// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/picture.h"

#include "core/present/exit_words.h"
#include "core/present/words.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sallyport {

namespace {

constexpr double kLeastBytes = 1e3; ///< keepalives
constexpr double kMostBytes = 1e10;
constexpr std::size_t kMostMoments = 2000;
constexpr qint64 kKept = 24LL * 3600; ///< seconds
constexpr double kGate = 50; ///< degrees at the right edge that stay free for the gate

double weightOf(const PeerActivity &activity)
{
    const double bytes = double(activity.receivedBytes) + double(activity.sentBytes);
    if (bytes <= kLeastBytes)
        return 0;
    return std::min(1.0, std::log10(bytes / kLeastBytes) / std::log10(kMostBytes / kLeastBytes));
}

double distanceOf(PathLine line)
{
    switch (line) {
    case PathLine::Solid:
        return 0.6;
    case PathLine::Dashed:
    case PathLine::Dotted:
        return 0.8;
    case PathLine::None:
        return 1;
    }
    Q_UNREACHABLE();
}

PictureModel withoutWeights(PictureModel picture)
{
    for (PictureNode &node : picture.nodes)
        node.weight = 0;
    return picture;
}

std::vector<PictureNode> nodesOf(const Snapshot &snapshot)
{
    const std::vector<DeviceRow> rows = deviceRows(snapshot, {});
    std::vector<PictureNode> nodes;
    nodes.reserve(rows.size());
    for (std::size_t place = 0; place < rows.size(); ++place)
        nodes.push_back({rows[place].name, rows[place].glyph, rows[place].line, rows[place].path,
            weightOf(snapshot.home.peers[place].activity)});
    std::ranges::stable_sort(nodes, {}, [](const PictureNode &node) { return node.line == PathLine::None; });
    return nodes;
}

} // namespace

PictureModel pictureOf(const Snapshot &snapshot)
{
    PictureModel picture;
    if (snapshot.home.configured || snapshot.home.enabled)
        picture.me = snapshot.home.device.isEmpty() ? Words::tr("this computer") : snapshot.home.device;
    picture.nodes = nodesOf(snapshot);
    if (picture.nodes.size() > kMostNodes) {
        picture.more = static_cast<int>(picture.nodes.size() - kMostNodes);
        picture.nodes.resize(kMostNodes);
    }
    if (snapshot.exit.enabled) {
        picture.exitName = snapshot.exit.name;
        picture.exitGlyph = exitGlyph(snapshot);
        picture.exitWords = exitSentence(snapshot);
    }
    return picture;
}

QStringList sentencesOf(const PictureModel &picture)
{
    QStringList sentences;
    for (const PictureNode &node : picture.nodes)
        //: %1 is a device, %2 how it is reached
        sentences += Words::tr("%1: %2.").arg(node.name, node.path);
    if (picture.more > 0)
        sentences += Words::tr("More devices that are not drawn: %1.").arg(picture.more);
    if (!picture.exitName.isEmpty())
        sentences += picture.exitWords;
    return sentences;
}

/// On circles, the first at the upper right; of many every other one nearer, so that names have room.
std::vector<QPointF> placesOf(const std::vector<PictureNode> &nodes)
{
    std::vector<QPointF> places;
    places.reserve(nodes.size());
    const double step = (360 - 2 * kGate) / std::max<double>(1, double(nodes.size()));
    double angle = kGate + step / 2;
    for (const PictureNode &node : nodes) {
        const bool isOdd = places.size() % 2 == 1 && nodes.size() > 8;
        const double distance = distanceOf(node.line) * (isOdd ? 0.7 : 1);
        const double radians = angle * std::numbers::pi / 180;
        places.emplace_back(std::cos(radians) * distance, -std::sin(radians) * distance);
        angle += step;
    }
    return places;
}

std::vector<PictureMoment> withMoment(std::vector<PictureMoment> moments, const PictureMoment &moment)
{
    if (!moments.empty() && withoutWeights(moments.back().picture) == withoutWeights(moment.picture)) {
        moments.back().picture = moment.picture;
        return moments;
    }
    moments.push_back(moment);
    // The one before the first that is young enough says how the 24 hours began.
    const QDateTime limit = moment.at.addSecs(-kKept);
    std::size_t old = 0;
    while (old + 1 < moments.size() && (moments[old + 1].at <= limit || moments.size() - old > kMostMoments))
        ++old;
    moments.erase(moments.begin(), moments.begin() + static_cast<std::ptrdiff_t>(old));
    return moments;
}

} // namespace sallyport
