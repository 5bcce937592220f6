// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/pages/settings/contacts_list.h"
#include "core/present/preferences.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>

#include <functional>
#include <optional>

namespace sallyport {

struct SettingsModel {
    bool startsAtLogin = false;
    std::optional<bool> allowsLan; ///< none: not known
    bool isLanPending = false;
    Notices notices;
    IconStyle iconStyle = IconStyle::Automatic;
    QString trouble;

    bool operator==(const SettingsModel &) const = default;
};

/// What can be chosen once and for all. A mark moves when what it stands for has moved.
class SettingsPage : public QWidget {
    Q_OBJECT

public:
    explicit SettingsPage(QWidget *parent = nullptr);

    void show(const SettingsModel &model);
    ContactsList &contacts() { return *m_contacts; }
    using QWidget::show;

Q_SIGNALS:
    void startAtLoginRequested(bool on);
    void allowLanRequested(bool on);
    void noticesRequested(const sallyport::Notices &notices);
    void iconStyleRequested(sallyport::IconStyle style);

private:
    QCheckBox *addCheck(const QString &text, const std::function<void(bool)> &asked);
    void addHeading(const QString &text);
    void addNotice(const QString &text, bool Notices::*which);
    void addIconStyles();

    QCheckBox *m_startAtLogin;
    QCheckBox *m_allowLan;
    QComboBox *m_iconStyle = nullptr;
    QLabel *m_trouble;
    ContactsList *m_contacts;
    std::vector<std::pair<bool Notices::*, QCheckBox *>> m_notices;
    SettingsModel m_shown;
};

} // namespace sallyport
