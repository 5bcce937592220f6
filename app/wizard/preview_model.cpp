// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/preview_model.h"

namespace sallyport {

void PreviewModel::show(std::vector<PreviewLine> lines)
{
    beginResetModel();
    m_lines = std::move(lines);
    endResetModel();
}

int PreviewModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int PreviewModel::columnCount(const QModelIndex &) const
{
    return 4;
}

QVariant PreviewModel::data(const QModelIndex &index, int role) const
{
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const PreviewLine &line = m_lines[std::size_t(index.row())];
    const auto word = [](Verdict verdict) {
        switch (verdict) {
        case Verdict::Used:
            return tr("used");
        case Verdict::Changed:
            return tr("changed");
        case Verdict::Refused:
            return tr("refused");
        case Verdict::Ignored:
            return tr("ignored");
        }
        return QString();
    };
    const QStringList cells{line.place, line.key, word(line.verdict), line.sentence};
    return cells.value(index.column());
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return QStringList{tr("Line"), tr("Setting"), tr("Is"), tr("Why")}.value(section);
}

} // namespace sallyport
