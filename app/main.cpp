// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/helper_client.h"
#include "app/presence.h"
#include "app/session/single_instance.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QLibraryInfo>
#include <QStandardPaths>
#include <QTranslator>

#include <algorithm>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

void describe()
{
    QGuiApplication::setApplicationDisplayName(u"Sallyport"_s);
    QGuiApplication::setDesktopFileName(u"org.sallyport.Sallyport"_s);
    QApplication::setWindowIcon(
        QIcon::fromTheme(u"org.sallyport.Sallyport"_s, QIcon(u":/icons/org.sallyport.Sallyport.svg"_s)));
    QApplication::setQuitOnLastWindowClosed(false);
}

void translate(QApplication &application)
{
    const QLocale locale;
    for (const auto &[name, folder] : {std::pair(u"qtbase"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath)),
             std::pair(u"sallyport"_s, u":/i18n"_s)}) {
        auto *translator = new QTranslator(&application);
        if (translator->load(locale, name, u"_"_s, folder))
            QApplication::installTranslator(translator);
        else
            delete translator;
    }
}

/// What whoever started us passed on, read before Qt takes it for its own first window.
QString activationToken()
{
    const QString token = qEnvironmentVariable("XDG_ACTIVATION_TOKEN");
    return token.isEmpty() ? qEnvironmentVariable("DESKTOP_STARTUP_ID") : token;
}

QString runtimeFolder()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    return folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::TempLocation) : folder;
}

QString configFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
}

/// XDG Base Directory Specification; Qt knows it from 6.7 on.
QString stateFolder()
{
    const QString folder = qEnvironmentVariable("XDG_STATE_HOME");
    return QDir::isAbsolutePath(folder) ? folder : QDir::homePath() + u"/.local/state"_s;
}

/// By its name where the search path has it, so that an update that moves it does not matter.
Autostart autostart()
{
    const bool isInstalled = !QStandardPaths::findExecutable(u"sallyport"_s).isEmpty();
    return {configFolder() + u"/autostart"_s, isInstalled ? u"sallyport"_s : QCoreApplication::applicationFilePath()};
}

int runFirst(SingleInstance &instance, const QDBusConnection &session, bool hidden)
{
    const QDBusConnection bus = QDBusConnection::systemBus();
    HelperClient client(bus);
    Store store(client);
    TrayHosts hosts(session);
    PreferencesFile preferences(configFolder() + u"/sallyport/preferences.json"_s);
    Presence presence(
        {bus, client, store, hosts, preferences, autostart(), stateFolder() + u"/sallyport/wizard.json"_s}, hidden);
    QObject::connect(&instance, &SingleInstance::raiseRequested, &presence, &Presence::raise);
    QObject::connect(&presence, &Presence::quitRequested, qApp, [] { QCoreApplication::exit(0); });
    presence.start();
    return QApplication::exec();
}

int runSecond(SingleInstance &instance, const QString &token)
{
    QObject::connect(
        &instance, &SingleInstance::finished, qApp, [](bool told) { QCoreApplication::exit(told ? 0 : 1); });
    QMetaObject::invokeMethod(
        &instance, [&] { instance.raiseFirst(token); }, Qt::QueuedConnection);
    return QApplication::exec();
}

struct Options {
    bool hidden = false;
};

/// Answers --help and --version by itself, and ends then.
Options optionsOf(const QCoreApplication &application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("main",
        "Two switches: Home reaches your own devices, Exit goes out to the internet privately.\n"
        "Quitting leaves both as they are."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption hidden(
        u"hidden"_s, QCoreApplication::translate("main", "Start in the panel, without a window."));
    parser.addOption(hidden);
    parser.process(application);
    return {parser.isSet(hidden)};
}

bool isQuestion(int argc, char **argv)
{
    const auto asks = [](const char *argument) {
        const QLatin1StringView text(argument);
        return text == "-h"_L1 || text == "--help"_L1 || text == "-v"_L1 || text == "--version"_L1;
    };
    return std::any_of(argv + 1, argv + argc, asks);
}

} // namespace

int main(int argc, char **argv)
{
    const QString token = activationToken();
    QCoreApplication::setApplicationName(u"sallyport"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(SALLYPORT_VERSION));
    if (isQuestion(argc, argv)) {
        const QCoreApplication withoutDisplay(argc, argv);
        optionsOf(withoutDisplay);
        return 0;
    }
    QApplication application(argc, argv);
    describe();
    translate(application);
    const Options options = optionsOf(application);
    const QDBusConnection session = QDBusConnection::sessionBus();
    SingleInstance instance(session, runtimeFolder());
    if (instance.claim())
        return runFirst(instance, session, options.hidden);
    return options.hidden ? 0 : runSecond(instance, token);
}
