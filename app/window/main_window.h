// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/pages/activity/activity_page.h"
#include "app/pages/devices/devices_page.h"
#include "app/pages/diagnose/diagnose_page.h"
#include "app/pages/exits/exits_page.h"
#include "app/pages/overview/overview_page.h"
#include "app/pages/picture/picture_page.h"
#include "app/pages/settings/settings_page.h"
#include "app/widgets/hint_bar.h"
#include "app/widgets/trouble_bar.h"
#include "app/window/navigation.h"

namespace sallyport {

/// Navigation, what is wrong, and the page in front.
class MainWindow : public QWidget {
    Q_OBJECT

public:
    explicit MainWindow(QWidget *parent = nullptr);

    OverviewPage &overview() { return *m_overview; }
    DevicesPage &devices() { return *m_devices; }
    ExitsPage &exits() { return *m_exits; }
    PicturePage &picture() { return *m_picture; }
    ActivityPage &activity() { return *m_activity; }
    DiagnosePage &diagnose() { return *m_diagnose; }
    SettingsPage &settings() { return *m_settings; }

    PageId page() const { return m_navigation->current(); }
    void setPage(PageId page);
    void showHint(const QString &text);
    void showTrouble(const Trouble &trouble, bool canDismiss);

Q_SIGNALS:
    void pageChanged(sallyport::PageId page);
    void troubleDismissed();
    void hintUnderstood();
    void visibilityChanged(bool visible);
    void closeRequested();
    void setupRequested();
    void filesDropped(const QStringList &paths);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void addPage(QWidget *page);
    void addKeys();

    Navigation *m_navigation;
    QToolButton *m_setup;
    HintBar *m_hint;
    TroubleBar *m_trouble;
    QStackedWidget *m_pages;
    OverviewPage *m_overview;
    DevicesPage *m_devices;
    ExitsPage *m_exits;
    PicturePage *m_picture;
    ActivityPage *m_activity;
    DiagnosePage *m_diagnose;
    SettingsPage *m_settings;
};

} // namespace sallyport
