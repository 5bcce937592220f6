// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"

/// What other programs leave in a kernel, as their sources say (plumbing.md section 2.1); both families.
namespace sallyport::sample {

/// Two machines' worth of programs in one kernel.
Others together(Others first, const Others &second);

Others kernelItself(); ///< the three rules of a kernel that nobody touched
Others wgQuick(quint32 preference, const QString &device = QStringLiteral("wg0"), quint32 table = 51820);
Others networkManager(const QString &device = QStringLiteral("wg1"));
Others mullvad(quint32 preference);
Others tailscale(bool exitNode);
Others netbird(bool exitNode);
Others firewalld(bool trustsHome);
Others ufw(bool allowsHome);
Others docker(bool letsHomePass);

} // namespace sallyport::sample
