// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/others/networkd.h"

#include <QDir>
#include <QFile>

#include <map>
#include <optional>

namespace sallyport::others {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMostBytes = 64 * 1024;

QString content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.read(kMostBytes)) : QString();
}

/// The last word on `ManageForeignRoutingPolicyRules=` in a file (systemd.syntax(7)).
std::optional<bool> setting(const QString &text)
{
    std::optional<bool> value;
    QString section;
    for (const QString &raw : text.split(u'\n')) {
        const QString line = raw.trimmed();
        if (line.startsWith(u'['))
            section = line;
        const qsizetype equals = line.indexOf(u'=');
        if (section != u"[Network]"_s || equals < 0
            || line.first(equals).trimmed() != u"ManageForeignRoutingPolicyRules"_s)
            continue;
        const QString word = line.sliced(equals + 1).trimmed().toLower();
        value = !(word == u"no"_s || word == u"false"_s || word == u"off"_s || word == u"0"_s || word == u"n"_s
            || word == u"f"_s);
    }
    return value;
}

/// A drop-in hides those of the same name in later folders; all together are read in the order of their names.
std::map<QString, QString> dropIns(const QString &root)
{
    std::map<QString, QString> paths;
    for (const QString &folder : {u"/etc"_s, u"/run"_s, u"/usr/local/lib"_s, u"/usr/lib"_s, u"/lib"_s}) {
        const QDir directory(root + folder + u"/systemd/networkd.conf.d"_s);
        for (const QString &name : directory.entryList({u"*.conf"_s}, QDir::Files))
            paths.emplace(name, directory.filePath(name));
    }
    return paths;
}

} // namespace

bool networkdDeletesRules(const QString &root)
{
    if (!QFile::exists(root + u"/run/systemd/netif/state"_s))
        return false;
    bool deletes = setting(content(root + u"/etc/systemd/networkd.conf"_s)).value_or(true);
    for (const auto &[name, path] : dropIns(root))
        deletes = setting(content(path)).value_or(deletes);
    return deletes;
}

} // namespace sallyport::others
