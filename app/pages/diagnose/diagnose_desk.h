// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/examination.h"
#include "app/pages/diagnose/diagnose_page.h"
#include "app/pages/diagnose/report_dialog.h"

namespace sallyport {

/// Has the machine examined when the page asks, and makes the report.
class DiagnoseDesk : public QObject {
    Q_OBJECT

public:
    DiagnoseDesk(const QDBusConnection &bus, HelperClient &client, DiagnosePage &page);

    /// When the page is looked at for the first time.
    void open();
    ReportDialog *report() { return m_report; }

private:
    void check();
    void checked(const Checkup &checkup);
    void openReport();
    void writeReport();
    void save(const QString &path, const QString &text);

    DiagnosePage &m_page;
    Examination m_examination;
    Checkup m_checkup;
    DiagnoseModel m_model;
    ReportDialog *m_report = nullptr; ///< owned by the window; made when it is first asked for
    bool m_isReportOld = true;
};

} // namespace sallyport
