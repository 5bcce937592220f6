// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/diagnose/report_dialog.h"

#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFontDatabase>

namespace sallyport {

using namespace Qt::StringLiterals;

ReportDialog::ReportDialog(QWidget *parent)
    : QDialog(parent), m_anonymity(new QComboBox(this)), m_text(new QPlainTextEdit(this)),
      m_outcome(wrappedLabel(this)), m_again(new QPushButton(tr("Start &over"), this))
{
    setWindowTitle(tr("Report"));
    m_anonymity->addItem(tr("nothing"), static_cast<int>(Anonymity::Open));
    m_anonymity->addItem(tr("public addresses and keys"), static_cast<int>(Anonymity::Careful));
    m_anonymity->addItem(tr("names and all addresses, too"), static_cast<int>(Anonymity::Strict));
    m_anonymity->setCurrentIndex(static_cast<int>(Anonymity::Careful));
    m_text->setAccessibleName(tr("Report"));
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    build();
    resize(90 * kGrid, 64 * kGrid);
    connect(m_anonymity, &QComboBox::currentIndexChanged, this, &ReportDialog::textRequested);
    connect(m_again, &QPushButton::clicked, this, &ReportDialog::textRequested);
    connect(m_text->document(), &QTextDocument::modificationChanged, this, &ReportDialog::showModified);
}

void ReportDialog::build()
{
    auto *label = plainLabel(this, tr("&Leave out:"));
    label->setBuddy(m_anonymity);
    auto *row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_anonymity);
    row->addWidget(m_again);
    row->addStretch(1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Close, this);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(wrappedLabel(this,
        tr("Nothing is sent anywhere. Read it, change what you like, then save it and give it to whoever helps.")));
    layout->addLayout(row);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_outcome);
    layout->addWidget(buttons);
    m_outcome->setVisible(false);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(buttons, &QDialogButtonBox::accepted, this, &ReportDialog::askWhere);
}

Anonymity ReportDialog::anonymity() const
{
    return static_cast<Anonymity>(m_anonymity->currentData().toInt());
}

void ReportDialog::show(const QString &text)
{
    m_text->setPlainText(text);
    m_text->document()->setModified(false);
    showModified(false);
    m_outcome->setVisible(false);
}

void ReportDialog::showOutcome(const QString &sentence)
{
    m_outcome->setText(sentence);
    m_outcome->setVisible(true);
}

/// Another level makes the text anew; what the person wrote into it must not go away by accident.
void ReportDialog::showModified(bool modified)
{
    m_anonymity->setEnabled(!modified);
    m_anonymity->setToolTip(modified ? tr("“Start over” gives up your changes") : QString());
    m_again->setVisible(modified);
}

void ReportDialog::askWhere()
{
    auto *dialog = new QFileDialog(this, tr("Save the report"), {}, tr("Text (*.txt)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"txt"_s);
    dialog->selectFile(u"sallyport.txt"_s);
    connect(dialog, &QFileDialog::fileSelected, this,
        [this](const QString &path) { Q_EMIT saveRequested(path, m_text->toPlainText()); });
    dialog->open();
}

} // namespace sallyport
