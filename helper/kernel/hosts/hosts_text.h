// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/desired_state.h"

/// The text of /etc/hosts, with one block that is ours:
///
///     # sallyport begin
///     10.42.1.4<TAB>nas.wgnet nas<TAB># sallyport
///     # sallyport end
///
/// Every line of it carries a mark of its own, so that it is recognised even if somebody removed one of the markers.
namespace sallyport::hosts {

/// `text` with our block saying `names`, or without it if there are none. Everything else stays as it is, byte for
/// byte: taking the block out of a text gives the text that it was put into.
QByteArray withBlock(const QByteArray &text, const std::vector<HostName> &names);

/// What our block says.
std::vector<HostName> namesIn(const QByteArray &text);

} // namespace sallyport::hosts
