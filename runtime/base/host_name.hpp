// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a request's Host field names. A page of a browser that was led to a
// port of this machine by a name of the page's own choice names that name: who
// answers such names lets the page in.

#include <span>
#include <string>
#include <string_view>

namespace acgs {

/// The host of "host:port" or "[address]:port" in small letters; empty where
/// it is neither.
std::string host_name(std::string_view host);

/// Whether the text is an IPv4 or IPv6 address.
bool is_ip_address(const std::string& text);

/// Whether a Host field names this machine: localhost, an address, or one of
/// the names, in whatever case.
bool is_own_host(std::string_view host, std::span<const std::string> names);

} // namespace acgs
