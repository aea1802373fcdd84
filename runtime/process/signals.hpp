// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signals of the process, taken synchronously by one thread, NODE's.

namespace acgs::process {

/// Blocks SIGTERM, SIGINT and SIGHUP in this thread and in all that are
/// started afterwards, and ignores SIGPIPE. To be called first in main.
void block_signals();

enum class request {
  stop,   ///< SIGTERM or SIGINT
  reopen, ///< SIGHUP: open the log file anew
};

/// Waits for the next such signal.
request wait_for_request();

/// Makes `wait_for_request` return `stop`, from any thread: how a supervisor
/// that gives up ends the process.
void request_stop();

} // namespace acgs::process
