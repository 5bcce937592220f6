// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/window/page_id.h"

#include <QListWidget>

namespace sallyport {

/// The pages, at the reading direction's beginning. In a narrow window only their icons, with their names as tooltips.
class Navigation : public QListWidget {
    Q_OBJECT

public:
    explicit Navigation(QWidget *parent = nullptr);

    void setIconsOnly(bool on);
    PageId current() const;
    void setCurrent(PageId page);
    static QString nameOf(PageId page);

Q_SIGNALS:
    void pageChosen(sallyport::PageId page);

protected:
    void changeEvent(QEvent *event) override;

private:
    void drawIcons();
    void fitWidth();

    bool m_isIconsOnly = false;
};

} // namespace sallyport
