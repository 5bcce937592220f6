// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/print_findings.h"

#include "app/cli/text.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

QString word(Health health)
{
    switch (health) {
    case Health::Ok:
        return u"ok"_s;
    case Health::Warning:
        return u"warn"_s;
    case Health::Bad:
        return u"bad"_s;
    }
    return {};
}

} // namespace

QStringList findingLines(const std::vector<Finding> &findings)
{
    std::vector<QStringList> rows;
    for (const Finding &finding : findings)
        rows.push_back(
            {word(finding.health), finding.subject, QString(finding.sentence + u' ' + finding.advice).trimmed()});
    return table(rows);
}

QVariantMap findingMap(const std::vector<Finding> &findings)
{
    QVariantList checks;
    for (const Finding &finding : findings)
        checks += QVariantMap{{u"subject"_s, finding.subject}, {u"state"_s, word(finding.health)},
            {u"sentence"_s, printable(finding.sentence)}, {u"advice"_s, printable(finding.advice)}};
    return {{u"checks"_s, checks}};
}

} // namespace sallyport::cli
