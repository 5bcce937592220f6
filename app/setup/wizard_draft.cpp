// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/wizard_draft.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongest = 1024; ///< characters of one answer
constexpr double kLastSecond = 253402300799; ///< of the year 9999

const QStringList &taskWords()
{
    static const QStringList words{u""_s, u"create"_s, u"import"_s, u"device"_s, u"phone"_s, u"exit"_s};
    return words;
}

QString textOf(const QJsonObject &object, QLatin1StringView key)
{
    return object[key].toString().left(kLongest);
}

std::optional<PendingPhone> phoneOf(const QJsonObject &object)
{
    const auto key = PublicKey::parse(textOf(object, "publicKey"_L1));
    const QString name = textOf(object, "name"_L1);
    if (!key || name.isEmpty())
        return std::nullopt;
    const double expires = std::clamp(object[u"expires"_s].toDouble(), 0.0, kLastSecond);
    return PendingPhone{name, *key, std::chrono::sys_seconds(std::chrono::seconds(qint64(expires)))};
}

} // namespace

QByteArray encodeDraft(const WizardDraft &draft)
{
    QJsonObject object{{u"task"_s, taskWords().at(qsizetype(draft.task))}, {u"homeName"_s, draft.homeName},
        {u"deviceName"_s, draft.deviceName}, {u"ipv4"_s, draft.ipv4}, {u"ipv6"_s, draft.ipv6},
        {u"newDeviceName"_s, draft.newDeviceName}, {u"newDeviceKind"_s, draft.newDeviceKind},
        {u"reachedAt"_s, draft.reachedAt}};
    if (draft.phone) {
        object.insert(u"phone"_s,
            QJsonObject{{u"name"_s, draft.phone->name}, {u"publicKey"_s, draft.phone->publicKey.toBase64()},
                {u"expires"_s, qint64(draft.phone->expires.time_since_epoch().count())}});
    }
    return QJsonDocument(object).toJson();
}

WizardDraft decodeDraft(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    WizardDraft draft;
    const qsizetype task = taskWords().indexOf(object[u"task"_s].toString());
    draft.task = task < 0 ? WizardTask::None : static_cast<WizardTask>(task);
    draft.homeName = textOf(object, "homeName"_L1);
    draft.deviceName = textOf(object, "deviceName"_L1);
    draft.ipv4 = textOf(object, "ipv4"_L1);
    draft.ipv6 = textOf(object, "ipv6"_L1);
    draft.newDeviceName = textOf(object, "newDeviceName"_L1);
    draft.newDeviceKind = std::clamp(object[u"newDeviceKind"_s].toInt(), 0, 3);
    draft.reachedAt = textOf(object, "reachedAt"_L1);
    draft.phone = phoneOf(object[u"phone"_s].toObject());
    return draft;
}

} // namespace sallyport
