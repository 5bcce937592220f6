// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/session/preferences_file.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLargest = 1 << 20;

const QStringList &styleWords()
{
    static const QStringList words{u"automatic"_s, u"coloured"_s, u"light-on-dark"_s, u"dark-on-light"_s};
    return words;
}

QStringList textsOf(const QJsonValue &value)
{
    QStringList texts;
    for (const QVariant &each : value.toArray().toVariantList()) {
        if (each.metaType() == QMetaType::fromType<QString>())
            texts += each.toString();
    }
    return texts;
}

Notices noticesOf(const QJsonObject &object)
{
    Notices notices;
    notices.blocked = object[u"blocked"_s].toBool(notices.blocked);
    notices.exitChanged = object[u"exitChanged"_s].toBool(notices.exitChanged);
    notices.deviceJoined = object[u"deviceJoined"_s].toBool(notices.deviceJoined);
    notices.serviceLost = object[u"serviceLost"_s].toBool(notices.serviceLost);
    return notices;
}

QMap<QString, QString> addressesOf(const QJsonObject &object)
{
    QMap<QString, QString> addresses;
    for (auto each = object.begin(); each != object.end(); ++each)
        addresses.insert(each.key(), each.value().toString());
    return addresses;
}

QJsonObject objectOf(const QMap<QString, QString> &addresses)
{
    QJsonObject object;
    for (auto each = addresses.begin(); each != addresses.end(); ++each)
        object.insert(each.key(), each.value());
    return object;
}

std::vector<ContactRecord> contactsOf(const QJsonArray &array)
{
    std::vector<ContactRecord> contacts;
    for (const QJsonValue each : array) {
        const QString host = each[u"host"_s].toString();
        const QDateTime last = QDateTime::fromString(each[u"last"_s].toString(), Qt::ISODate);
        if (!host.isEmpty())
            contacts.push_back({host, each[u"allowed"_s].toBool(true), last});
    }
    return contacts;
}

QJsonArray arrayOf(const std::vector<ContactRecord> &contacts)
{
    QJsonArray array;
    for (const ContactRecord &contact : contacts)
        array.append(QJsonObject{{u"host"_s, contact.host}, {u"allowed"_s, contact.isAllowed},
            {u"last"_s, contact.last.toString(Qt::ISODate)}});
    return array;
}

/// Lenient: another version may have written it.
Preferences preferencesOf(const QJsonObject &object)
{
    Preferences values;
    values.habits.recentExits = textsOf(object[u"recentExits"_s]).mid(0, kRecentExits);
    values.habits.favouriteExits = textsOf(object[u"favouriteExits"_s]);
    values.notices = noticesOf(object[u"notices"_s].toObject());
    const qsizetype style = styleWords().indexOf(object[u"icon"_s].toString());
    values.iconStyle = style < 0 ? IconStyle::Automatic : static_cast<IconStyle>(style);
    values.contacts = contactsOf(object[u"contacts"_s].toArray());
    values.providerAddresses = addressesOf(object[u"providerAddresses"_s].toObject());
    values.explainedMissingTray = object[u"explainedMissingTray"_s].toBool();
    return values;
}

QJsonObject objectOf(const Preferences &values)
{
    const Notices &notices = values.notices;
    return {{u"recentExits"_s, QJsonArray::fromStringList(values.habits.recentExits)},
        {u"favouriteExits"_s, QJsonArray::fromStringList(values.habits.favouriteExits)},
        {u"icon"_s, styleWords().at(static_cast<qsizetype>(values.iconStyle))},
        {u"explainedMissingTray"_s, values.explainedMissingTray}, {u"contacts"_s, arrayOf(values.contacts)},
        {u"providerAddresses"_s, objectOf(values.providerAddresses)},
        {u"notices"_s,
            QJsonObject{{u"blocked"_s, notices.blocked}, {u"exitChanged"_s, notices.exitChanged},
                {u"deviceJoined"_s, notices.deviceJoined}, {u"serviceLost"_s, notices.serviceLost}}}};
}

} // namespace

PreferencesFile::PreferencesFile(QString path, QObject *parent) : QObject(parent), m_path(std::move(path))
{
    read();
}

void PreferencesFile::read()
{
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly))
        return;
    const QJsonDocument document = QJsonDocument::fromJson(file.read(kLargest));
    file.close();
    if (document.isObject()) {
        m_values = preferencesOf(document.object());
        return;
    }
    const QString aside = m_path + u".broken"_s;
    QFile::remove(aside);
    m_keptAside = QFile::rename(m_path, aside) ? aside : m_path;
}

void PreferencesFile::change(const Preferences &values)
{
    if (values == m_values)
        return;
    m_values = values;
    if (!write())
        Q_EMIT notSaved(m_path);
    Q_EMIT changed();
}

bool PreferencesFile::write() const
{
    QDir().mkpath(QFileInfo(m_path).path());
    QSaveFile file(m_path);
    return file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(objectOf(m_values)).toJson()) > 0
        && file.commit();
}

} // namespace sallyport
