// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/exit_sections.h"

#include "core/present/words.h"

#include <QLocale>
#include <QMap>
#include <QRegularExpression>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

struct Context {
    const Snapshot &snapshot;
    const Link &link;
    const Habits &habits;
};

ExitItem itemOf(const Context &context, const QString &name)
{
    const ExitSnapshot &exit = context.snapshot.exit;
    ExitItem item;
    item.name = name;
    item.isChosen = name == exit.name;
    item.isInUse = item.isChosen && exit.enabled;
    item.isPending = context.link.pending.exitName == name;
    item.isFavourite = context.habits.favouriteExits.contains(name);
    return item;
}

bool isOwnDevice(const Snapshot &snapshot, const QString &name)
{
    const auto &peers = snapshot.home.peers;
    const bool isPeer = std::ranges::find(peers, name, &PeerSnapshot::name) != peers.end();
    return isPeer || (snapshot.exit.name == name && snapshot.exit.provider == "device"_L1);
}

bool matches(const QString &name, const QString &search)
{
    return name.contains(search, Qt::CaseInsensitive) || countryIn(name).contains(search, Qt::CaseInsensitive);
}

void addShortcuts(std::vector<ExitSection> &sections, const Context &context)
{
    for (const auto &[title, names] : {std::pair(Words::tr("Recent"), context.habits.recentExits),
             std::pair(Words::tr("Favourites"), context.habits.favouriteExits)}) {
        ExitSection section{title, {}};
        for (const QString &name : names) {
            if (context.snapshot.exit.available.contains(name))
                section.items.push_back(itemOf(context, name));
        }
        if (!section.items.empty())
            sections.push_back(section);
    }
}

void addSection(std::vector<ExitSection> &sections, const Context &context, const QString &title, QStringList names)
{
    if (names.isEmpty())
        return;
    names.sort(Qt::CaseInsensitive);
    ExitSection section{title, {}};
    for (const QString &name : names)
        section.items.push_back(itemOf(context, name));
    sections.push_back(section);
}

} // namespace

QString countryIn(const QString &exitName)
{
    static const QRegularExpression separator(u"[-_. ]"_s);
    const QStringList parts = exitName.split(separator, Qt::SkipEmptyParts);
    if (parts.size() < 2)
        return {};
    bool isNumbered = false;
    parts.last().toUInt(&isNumbered);
    const QString code = isNumbered && parts.size() > 2 ? parts.first() : parts.last();
    const auto territory = code.size() == 2 ? QLocale::codeToTerritory(code.toUpper()) : QLocale::AnyTerritory;
    return territory == QLocale::AnyTerritory ? QString() : QLocale::territoryToString(territory);
}

std::vector<ExitSection> exitSections(
    const Snapshot &snapshot, const Link &link, const Habits &habits, const QString &search)
{
    const Context context{snapshot, link, habits};
    std::vector<ExitSection> sections;
    if (search.isEmpty())
        addShortcuts(sections, context);
    QStringList own;
    QStringList others;
    QMap<QString, QStringList> countries;
    for (const QString &name : snapshot.exit.available) {
        if (!search.isEmpty() && !matches(name, search))
            continue;
        const QString country = countryIn(name);
        if (isOwnDevice(snapshot, name))
            own += name;
        else if (country.isEmpty())
            others += name;
        else
            countries[country] += name;
    }
    addSection(sections, context, Words::tr("Your own devices"), own);
    for (auto country = countries.cbegin(); country != countries.cend(); ++country)
        addSection(sections, context, country.key(), country.value());
    addSection(sections, context, countries.isEmpty() ? Words::tr("Exits") : Words::tr("Other exits"), others);
    return sections;
}

} // namespace sallyport
