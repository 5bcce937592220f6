// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/authorizer.h"

#ifdef SALLYPORT_HAVE_POLKIT_QT
#include "helper/polkit/polkit_qt_authorizer.h"
#else
#include "helper/polkit/polkit_dbus_authorizer.h"
#endif

namespace sallyport {

using namespace Qt::StringLiterals;

QString actionId(Action action)
{
    switch (action) {
    case Action::Configure:
        return u"org.sallyport.configure"_s;
    case Action::Toggle:
        return u"org.sallyport.toggle"_s;
    case Action::Lockdown:
        return u"org.sallyport.lockdown"_s;
    }
    return {};
}

std::unique_ptr<Authorizer> polkitAuthorizer(const QDBusConnection &bus)
{
#ifdef SALLYPORT_HAVE_POLKIT_QT
    return std::make_unique<PolkitQtAuthorizer>(bus);
#else
    return std::make_unique<PolkitDbusAuthorizer>(bus);
#endif
}

} // namespace sallyport
