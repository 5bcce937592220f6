// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

/// The real `wg-quick strip` and `wg setconf`, talking to a socket of ours instead of an interface: what they send is what
/// the file means to them. Everything happens in a mount namespace of this process.
namespace wg_program {

/// Call first in main(), before there are threads. The reason why it cannot be, or nothing.
std::optional<QByteArray> enterNamespace();

/// What `wg` would configure, in the words of the cross-platform interface; nothing if one of the programs refuses.
std::optional<QByteArray> configured(const QByteArray &conf);

} // namespace wg_program
