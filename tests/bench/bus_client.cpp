// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "core/wire/json.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusUnixFileDescriptor>
#include <QFile>

#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

/// bench_bus_client: one connection, many calls. Reads requests from its input and answers each with the microseconds
/// from call to reply:
///   intent KEY VALUE...      SetIntent, for example `intent home on` or `intent exit on exitName provider`
///   configure FILE           Configure with the JSON document of that file
///   secret NAME FILE         ProvideSecret with that file's content
///   snapshot                 GetSnapshot
///   refused-intent KEY VALUE..., refused-configure FILE    the same calls, which have to be refused
namespace {

using namespace sallyport;
using namespace Qt::StringLiterals;

constexpr int kTimeout = 600000; // ms; a slow answer is a figure, not a failure

[[noreturn]] void giveUp(const QString &why)
{
    std::fprintf(stderr, "bench_bus_client: %s\n", why.toUtf8().constData());
    std::exit(1);
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        giveUp(u"cannot read "_s + path);
    return file.readAll();
}

QVariantMap changeOf(const QStringList &words)
{
    QVariantMap change;
    for (qsizetype i = 1; i + 1 < words.size(); i += 2) {
        const QString &value = words[i + 1];
        const bool isSwitch = value == u"on"_s || value == u"off"_s;
        change.insert(words[i], isSwitch ? QVariant(value == u"on"_s) : QVariant(value));
    }
    return change;
}

QVariantMap documentOf(const QString &path)
{
    Result<QVariantMap> map = readJson(contentOf(path));
    if (!map)
        giveUp(path + u": "_s + map.error().detail);
    return std::move(*map);
}

QVariant sealed(const QString &path)
{
    const QByteArray content = contentOf(path);
    const int memory = memfd_create("key", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memory < 0 || write(memory, content.constData(), static_cast<size_t>(content.size())) != content.size())
        giveUp(u"cannot pass "_s + path);
    lseek(memory, 0, SEEK_SET);
    fcntl(memory, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    const QDBusUnixFileDescriptor descriptor(memory); // has its own copy
    close(memory);
    return QVariant::fromValue(descriptor);
}

QDBusMessage requestOf(const QStringList &words)
{
    const auto method = [](const QString &name, const QVariantList &arguments) {
        QDBusMessage message = QDBusMessage::createMethodCall(
            QString::fromLatin1(kBusName), QString::fromLatin1(kObjectPath), QString::fromLatin1(kInterface), name);
        message.setArguments(arguments);
        return message;
    };
    if (words[0] == u"intent"_s || words[0] == u"refused-intent"_s)
        return method(u"SetIntent"_s, {changeOf(words)});
    if ((words[0] == u"configure"_s || words[0] == u"refused-configure"_s) && words.size() == 2)
        return method(u"Configure"_s, {documentOf(words[1])});
    if (words[0] == u"secret"_s && words.size() == 3)
        return method(u"ProvideSecret"_s, {words[1], sealed(words[2])});
    if (words[0] == u"snapshot"_s)
        return method(u"GetSnapshot"_s, {});
    giveUp(u"unknown request "_s + words.join(u' '));
}

} // namespace

int main(int count, char **words)
{
    const QCoreApplication application(count, words);
    QDBusConnection bus = QDBusConnection::systemBus();
    if (!bus.isConnected())
        giveUp(u"no system bus"_s);
    for (std::string line; std::getline(std::cin, line);) {
        const QDBusMessage request = requestOf(QString::fromStdString(line).split(u' '));
        const auto started = std::chrono::steady_clock::now();
        const QDBusMessage reply = bus.call(request, QDBus::Block, kTimeout);
        const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - started;
        const bool isRefused = reply.type() != QDBusMessage::ReplyMessage;
        if (isRefused != line.starts_with("refused-"))
            giveUp(isRefused ? QString(reply.errorName() + u": "_s + reply.errorMessage()) : u"not refused"_s);
        std::printf("%.1f\n", taken.count());
        std::fflush(stdout);
    }
    return 0;
}
