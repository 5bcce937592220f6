// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/edits.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Result<Proposal> proposalOf(const Configuration &configuration)
{
    auto valid = checked(configuration);
    if (!valid)
        return valid.error();
    Proposal proposal;
    proposal.configuration = std::move(*valid);
    return proposal;
}

} // namespace

Result<Proposal> withDevice(const Configuration &present, const Device &device)
{
    if (!present.home)
        return noHome();
    if (findDevice(*present.home, device.name))
        return Error{Errc::InvalidArgument,
            u"there is a device '%1' already; choose another name, or 'sally device remove' it first"_s.arg(
                device.name),
            {}};
    Configuration next = present;
    next.home->devices.push_back(device);
    return proposalOf(next);
}

Result<Proposal> withoutDevice(const Configuration &present, const QString &nameOrAlias)
{
    if (!present.home)
        return noHome();
    const Device *found = findDevice(*present.home, nameOrAlias);
    if (!found)
        return Error{Errc::UnknownName, u"there is no device '%1'"_s.arg(nameOrAlias), {}};
    for (const Exit &exit : present.exits) {
        const auto *way = std::get_if<DeviceExit>(&exit.way);
        if (way && findDevice(*present.home, way->device) == found)
            return Error{Errc::InvalidArgument,
                u"exit '%1' leads through device '%2'; remove that exit first"_s.arg(exit.name, found->name), {}};
    }
    Configuration next = present;
    std::erase_if(next.home->devices, [&](const Device &each) { return each.name == found->name; });
    return proposalOf(next);
}

} // namespace sallyport
