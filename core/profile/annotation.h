// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <string_view>
#include <vector>

/// Comments that mean something. Ours are written `# Key = value` and carry what wg-quick has no word for; those of
/// other programs only ever give a name.
namespace sallyport {

struct Annotation {
    int line = 0;
    QString key; ///< lower case: `name`, `aliases`, `endpoint(lan)`; empty for a short bare comment
    QString value;

    bool operator==(const Annotation &) const = default;
};

/// Reads the text behind `#`. Only known keys and short bare comments are ever copied out of the file: a comment may
/// hold a disabled private key.
std::optional<Annotation> parseAnnotation(std::string_view comment, int line);

const Annotation *findAnnotation(const std::vector<Annotation> &annotations, const QString &key);
/// The value as text (quotes removed), or empty.
QString annotatedText(const std::vector<Annotation> &annotations, const QString &key);
QStringList annotatedList(const std::vector<Annotation> &annotations, const QString &key);

/// As it stands, or in double quotes with `\"`, `\\` and `\uXXXX` where it would not read back the same.
QString annotationText(const QString &value);
QString annotationList(const QStringList &values);

} // namespace sallyport
