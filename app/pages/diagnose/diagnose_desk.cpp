// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/diagnose/diagnose_desk.h"

#include <QLocale>
#include <QSaveFile>
#include <QTime>

#include <algorithm>
#include <utility>

namespace sallyport {

namespace {

QString summaryOf(const std::vector<Finding> &findings)
{
    const auto count = [&](Health health) { return std::ranges::count(findings, health, &Finding::health); };
    const QString time = QLocale().toString(QTime::currentTime(), u"HH:mm:ss");
    if (hasBad(findings))
        //: %1 is a time of day
        return DiagnoseDesk::tr("Something is wrong; the crosses say what to do. Checked %1.").arg(time);
    if (count(Health::Warning) > 0)
        return DiagnoseDesk::tr("It works. The exclamation marks are worth a look. Checked %1.").arg(time);
    return DiagnoseDesk::tr("All is well. Checked %1.").arg(time);
}

} // namespace

DiagnoseDesk::DiagnoseDesk(const QDBusConnection &bus, HelperClient &client, DiagnosePage &page)
    : m_page(page), m_examination(bus, client)
{
    connect(&m_examination, &Examination::finished, this, &DiagnoseDesk::checked);
    connect(&m_page, &DiagnosePage::checkRequested, this, &DiagnoseDesk::check);
    connect(&m_page, &DiagnosePage::reportRequested, this, &DiagnoseDesk::openReport);
}

void DiagnoseDesk::open()
{
    if (m_model.findings.empty())
        check();
}

void DiagnoseDesk::check()
{
    m_model.isRunning = true;
    m_model.summary = tr("Looking…");
    m_page.show(m_model);
    m_examination.start();
}

void DiagnoseDesk::checked(const Checkup &checkup)
{
    m_checkup = checkup;
    m_isReportOld = true;
    m_model.isRunning = false;
    m_model.findings = examine(checkup.system, checkup.bus);
    m_model.summary = summaryOf(m_model.findings);
    m_page.show(m_model);
}

void DiagnoseDesk::openReport()
{
    if (!m_report) {
        m_report = new ReportDialog(m_page.window());
        connect(m_report, &ReportDialog::textRequested, this, &DiagnoseDesk::writeReport);
        connect(m_report, &ReportDialog::saveRequested, this, &DiagnoseDesk::save);
    }
    if (std::exchange(m_isReportOld, false))
        writeReport();
    m_report->open();
}

void DiagnoseDesk::writeReport()
{
    m_report->show(reportText(m_checkup, m_report->anonymity()));
}

void DiagnoseDesk::save(const QString &path, const QString &text)
{
    QSaveFile file(path);
    const bool isSaved = file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) && file.write(text.toUtf8()) >= 0
        && file.commit();
    m_report->showOutcome(isSaved ? tr("Saved as %1.").arg(path)
                                  : tr("It could not be saved: %1. Choose another place.").arg(file.errorString()));
}

} // namespace sallyport
