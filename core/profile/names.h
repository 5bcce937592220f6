// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/profile/wg_conf.h"

#include <map>

/// Names for what a foreign file leaves nameless.
namespace sallyport {

/// `Mein Rechner (alt)` becomes `mein-rechner`; empty if nothing usable is left.
QString deviceNameFrom(const QString &text);
/// `/home/me/se-sto-wg-001.conf` becomes `se-sto-wg-001`.
QString baseNameOf(const QString &fileName);
QString exitNameFrom(const QString &text);
/// Depends on nothing but the key, so that the next import of a longer file gives the same name.
QString deviceNameFrom(const PublicKey &key);
/// What comments say about the name: ours first, then those of generators, then a short bare comment. Null if nothing.
const Annotation *nameAnnotation(const std::vector<Annotation> &annotations, bool acceptBare);

/// Adds `-2`, `-3`… until nobody has the name. Compares without case.
class NameRegister {
public:
    explicit NameRegister(const QStringList &taken = {});
    QString claim(const QString &wanted, qsizetype longest);

private:
    std::map<QString, int> m_taken; ///< folded name and the last number given out for it
};

/// The provider, only where the file leaves no doubt; otherwise empty.
QString providerOf(const WgConf &conf, const WgConfPeer &peer, const QString &fileName);

} // namespace sallyport
