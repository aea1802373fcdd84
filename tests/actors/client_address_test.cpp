// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/address.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(client_address_test)

using namespace acgs;

namespace {

std::string wrong(const std::string& address) {
  auto error = client::check_address(address);
  if (!error)
    return {};
  BOOST_TEST((code_of(error) == ec::invalid_argument), address);
  BOOST_TEST(field_of(error) == "addr");
  auto out = sentence_of(error);
  BOOST_TEST(out.ends_with("; expected unix:PATH, HOST:PORT or [IPV6]:PORT"));
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(takes_what_a_node_can_be_at) {
  for (auto* each :
       {"unix:./data/acgsd.sock", "unix:/a:b", "127.0.0.1:8182", "[::1]:8182",
        "[2001:db8::7]:1", "node.example.com:65535", "localhost:8182"})
    BOOST_TEST(wrong(each) == "", each);
  BOOST_TEST(wrong("unix:/" + std::string(106, 'x')) == "");
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_an_address) {
  using text = const char*;
  for (auto [address, why] :
       {std::pair{"127.0.0.1:99999", "the port '99999' is not a whole number"},
        {"127.0.0.1:abc", "the port 'abc' is not a whole number from 1 to"},
        {"127.0.0.1:-5", "the port '-5' is not"},
        {"127.0.0.1:+5", "the port '+5' is not"},
        {"127.0.0.1:0", "the port '0' is not"},
        {"127.0.0.1:80 ", "the port '80 ' is not"},
        {"127.0.0.1:", "the port '' is not"},
        {"127.0.0.1", "there is no port"},
        {"", "there is no port"},
        {":abc", "the host is empty"},
        {"::1:8182", "an IPv6 address stands in brackets"},
        {"[zz]:1", "'zz' is no IPv6 address"},
        {"[127.0.0.1]:1", "'127.0.0.1' is no IPv6 address"},
        {"[]:1", "'' is no IPv6 address"},
        {"[::1:1", "has a bracket of a pair"},
        {"unix:", "the path is empty"}}) {
    auto told = wrong(address);
    BOOST_TEST(told.starts_with("address '" + std::string{address} + "': "),
               told);
    BOOST_TEST(told.find(text{why}) != std::string::npos, told);
  }
  BOOST_TEST(wrong("unix:/" + std::string(107, 'x'))
                 .find("at most 107 bytes, this one 108")
             != std::string::npos);
  BOOST_TEST(wrong(std::string{"unix:/a\0b", 9}).find("a zero byte")
             != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
