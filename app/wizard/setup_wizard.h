// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/wizard/device_page.h"
#include "app/wizard/end_page.h"
#include "app/wizard/exit_page.h"
#include "app/wizard/home_page.h"
#include "app/wizard/import_page.h"
#include "app/wizard/start_page.h"

#include <QDialog>
#include <QStackedWidget>

namespace sallyport {

/// The pages, one at a time, with what is wrong above the buttons. Knows what is in front, not what it means.
class SetupWizard : public QDialog {
    Q_OBJECT

public:
    enum class Page { Start, Home, Import, Device, Phone, Exit, End };
    explicit SetupWizard(QWidget *parent = nullptr);

    StartPage &start() { return *m_start; }
    HomePage &home() { return *m_home; }
    ImportPage &import() { return *m_import; }
    DevicePage &device() { return *m_device; }
    DevicePage &phone() { return *m_phone; }
    ExitPage &exit() { return *m_exit; }
    EndPage &end() { return *m_end; }

    Page page() const { return static_cast<Page>(m_pages->currentIndex()); }
    void setPage(Page page);
    /// Empty: there is nothing to go on with.
    void setNext(const QString &text, bool isPossible);
    void showTrouble(const QString &sentence);

Q_SIGNALS:
    void nextRequested();
    void backRequested();
    void filesDropped(const QStringList &paths);
    void closed();

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void build();

    StartPage *m_start;
    HomePage *m_home;
    ImportPage *m_import;
    DevicePage *m_device;
    DevicePage *m_phone;
    ExitPage *m_exit;
    EndPage *m_end;
    QLabel *m_title;
    QStackedWidget *m_pages;
    QLabel *m_trouble;
    QPushButton *m_back;
    QPushButton *m_next;
    QPushButton *m_close;
};

/// The files of this machine among what is dragged.
QStringList localFiles(const QMimeData &data);

} // namespace sallyport
