// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/table_text.h"

#include <QCryptographicHash>

namespace sallyport {

QByteArray hexText(quint32 value)
{
    return "0x" + QByteArray::number(value, 16).rightJustified(8, '0');
}

QByteArray ofMark(quint32 mark)
{
    return "meta mark & " + hexText(kMarkMask) + " == " + hexText(mark);
}

QByteArray quoted(const QString &interfaceName)
{
    QByteArray name = interfaceName.toUtf8();
    // A trailing * is a wildcard in nft; a quotation mark or backslash would end or change the string.
    for (const char special : {'"', '\\', '*', '\n'}) {
        if (name.contains(special))
            return "\"?\"";
    }
    return '"' + name + '"';
}

QByteArray setText(const char *name, const char *definition, const QByteArrayList &elements)
{
    const QByteArray list = elements.isEmpty() ? QByteArray() : " elements = { " + elements.join(", ") + " }";
    return QByteArray("  set ") + name + " { " + definition + list + "\n  }\n";
}

QByteArray tunnelSet()
{
    return setText("tunnels", "type ifname;", {'"' + QByteArray(kHomeLink) + '"', '"' + QByteArray(kExitLink) + '"'});
}

Table tableOf(const char *name, const QByteArray &body)
{
    const QByteArray hash = QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex().first(16);
    Table table;
    table.name = QString::fromLatin1(name);
    table.version = QString::fromLatin1("sallyport " + hash);
    table.text
        = QByteArray("table inet ") + name + " {\n  comment \"" + table.version.toLatin1() + "\"\n" + body + "}\n";
    return table;
}

} // namespace sallyport
