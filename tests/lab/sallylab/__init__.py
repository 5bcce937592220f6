# SPDX-License-Identifier: GPL-2.0-or-later
"""A small internet made of network namespaces, in which the real programs run. See docs/testing.md."""
