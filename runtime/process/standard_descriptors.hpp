// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace acgs::process {

/// Opens /dev/null in place of stdin, stdout and stderr where the process was
/// started without one of them. Otherwise the first store that is opened gets
/// the number, and whatever a library prints is written into the store. To be
/// called in main before any file is opened.
void fill_standard_descriptors();

} // namespace acgs::process
