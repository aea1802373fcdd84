// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/gzip.hpp"
#include "runtime/net/http/head.hpp"
#include "runtime/net/http/request_parser.hpp"
#include "runtime/net/http/response_writer.hpp"
#include "tests/support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_head_test)

using namespace acgs;
using namespace acgs::http;

namespace {

using state = request_parser::state;

/// The head that the text is read as; the text must stay.
head good(std::string_view text) {
  auto out = read_head(text, {});
  if (auto* wrong = std::get_if<refusal>(&out))
    BOOST_FAIL("refused: " << wrong->sentence);
  return std::get<head>(out);
}

/// Why the text is refused.
refusal bad(std::string_view text, const limits& bounds = {}) {
  auto out = read_head(text, bounds);
  BOOST_REQUIRE(std::holds_alternative<refusal>(out));
  return std::get<refusal>(out);
}

std::string with_field(std::string_view field) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string{field} + "\r\n\r\n";
}

bool mentions(const refusal& from, std::string_view what) {
  return from.sentence.find(what) != std::string::npos;
}

void put_all(request_parser& to, std::string_view text) {
  for (char c : text)
    to.feed({&c, 1});
}

} // namespace

BOOST_AUTO_TEST_SUITE(reading_a_head)

BOOST_AUTO_TEST_CASE(takes_a_plain_request_apart) {
  auto got = good("GET /v1/data/a%20b?pretty=true&x HTTP/1.1\r\n"
                  "Host: localhost:8181\r\nAccept:  */* \r\n\r\n");
  BOOST_TEST((got.parsed.verb == method::get));
  BOOST_TEST(got.parsed.path == "/v1/data/a%20b");
  BOOST_TEST(got.parsed.query == "pretty=true&x");
  BOOST_TEST(got.parsed.host == "localhost:8181");
  BOOST_TEST(got.parsed.find("accept").value() == "*/*");
  BOOST_TEST(!got.parsed.find("x-none"));
  BOOST_TEST(got.parsed.keep_alive);
  BOOST_TEST(!got.content_length);
}

BOOST_AUTO_TEST_CASE(takes_the_absolute_form_and_its_host) {
  auto got = good("GET http://example.org:81/a?b HTTP/1.1\r\nHost: x\r\n\r\n");
  BOOST_TEST(got.parsed.path == "/a");
  BOOST_TEST(got.parsed.query == "b");
  BOOST_TEST(got.parsed.host == "example.org:81");
}

BOOST_AUTO_TEST_CASE(takes_a_star_for_options_alone) {
  BOOST_TEST(good("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").parsed.path == "*");
  BOOST_TEST(bad("GET * HTTP/1.1\r\nHost: a\r\n\r\n").status == 400u);
}

BOOST_AUTO_TEST_CASE(keeps_alive_as_the_version_and_connection_say) {
  BOOST_TEST(!good("GET / HTTP/1.0\r\n\r\n").parsed.keep_alive);
  BOOST_TEST(good("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                 .parsed.keep_alive);
  BOOST_TEST(!good(with_field("Connection: foo, Close")).parsed.keep_alive);
}

BOOST_AUTO_TEST_CASE(refuses_every_ambiguous_length) {
  for (auto* field :
       {"Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5, 5",
        "Content-Length: -1", "Content-Length: +5", "Content-Length: 0x5",
        "Content-Length: 99999999999999999999",
        "Content-Length:", "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"}) {
    auto why = bad(with_field(field));
    BOOST_TEST_CONTEXT(field) {
      BOOST_TEST(why.status == 400u);
      BOOST_TEST((mentions(why, "Content-Length")
                  || mentions(why, "Transfer-Encoding")));
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_every_coding_but_chunked) {
  for (auto* value :
       {"gzip", "gzip, chunked", "chunked, identity", "xchunked", "chunked;q=1",
        "\x0b"
        "chunked"})
    BOOST_TEST(
        bad(with_field("Transfer-Encoding: " + std::string{value})).status
        >= 400u);
  BOOST_TEST(good(with_field("Transfer-Encoding: Chunked")).chunked);
  BOOST_TEST(bad("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").status
             == 400u);
}

BOOST_AUTO_TEST_CASE(refuses_lines_that_others_read_differently) {
  for (auto* field :
       {"X : 1", " X: 1", "\tX: 1", "X\r\n folded: 1", "X", ": 1", "X\x01: 1",
        "X: a\x01", "X: a\x7f", "X: a\nY: b", "X: a\rY: b"}) {
    BOOST_TEST_CONTEXT(field) {
      auto why = bad(with_field(field));
      BOOST_TEST(why.status == 400u);
      BOOST_TEST(mentions(why, "header line"));
    }
  }
  BOOST_TEST(
      bad(std::string_view{"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 35})
          .status
      == 400u);
}

BOOST_AUTO_TEST_CASE(refuses_a_broken_request_line) {
  for (auto* line :
       {"GET /", "GET  / HTTP/1.1 ", "GET / HTTP/1.1 x", " GET / HTTP/1.1",
        "GET / http/1.1", "GET relative HTTP/1.1", "GET /a b HTTP/1.1",
        "GET /\x80 HTTP/1.1", "GET /#frag HTTP/1.1", "G(T / HTTP/1.1", ""})
    BOOST_TEST_CONTEXT(line)
  BOOST_TEST(bad(std::string{line} + "\r\nHost: a\r\n\r\n").status == 400u);
  BOOST_TEST(bad("GET / HTTP/2.0\r\nHost: a\r\n\r\n").status == 505u);
  BOOST_TEST(bad("BREW / HTTP/1.1\r\nHost: a\r\n\r\n").status == 501u);
  BOOST_TEST(bad("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n").status == 501u);
}

BOOST_AUTO_TEST_CASE(wants_exactly_one_host) {
  BOOST_TEST(mentions(bad("GET / HTTP/1.1\r\n\r\n"), "Host is missing"));
  BOOST_TEST(mentions(bad(with_field("host: b")), "Host is given twice"));
}

BOOST_AUTO_TEST_CASE(wants_at_most_one_of_what_decides_who_asks) {
  for (std::string name : {"Authorization", "Content-Type", "Idempotency-Key",
                           "Origin", "X-Request-ID"})
    for (const auto& more :
         {": a\r\n" + name + ": a", ": a\r\nX: b\r\n" + name + ": b"})
      BOOST_TEST(
          mentions(bad(with_field(name + more)), name + " is given twice"));
  BOOST_TEST(mentions(bad(with_field("origin: a\r\nORIGIN: b")),
                      "Origin is given twice"));
  good(with_field("X: a\r\nX: b"));
}

BOOST_AUTO_TEST_CASE(bounds_fields_target_and_body) {
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 100; ++i)
    many += "X: 1\r\n";
  BOOST_TEST(bad(many + "\r\n").status == 431u);
  BOOST_TEST(
      bad("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n")
          .status
      == 414u);
  auto why = bad(with_field("Content-Length: 11"), {.body_bytes = 10});
  BOOST_TEST(why.status == 413u);
  BOOST_TEST(mentions(why, "11 bytes; at most 10"));
}

BOOST_AUTO_TEST_CASE(refuses_expectations_it_cannot_meet) {
  BOOST_TEST(good(with_field("Expect: 100-continue")).expects_continue);
  BOOST_TEST(bad(with_field("Expect: tea")).status == 417u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(parsing)

BOOST_AUTO_TEST_CASE(refuses_a_bare_line_feed_between_chunks_at_once) {
  for (auto* body : {"2\n", "2\r\n{}\r\n0\n", "2\r\n{}\n", "2;a=b\n{}\r\n",
                     "2\r\n{}\r\n0\r\nT: x\n"}) {
    request_parser parser{{}};
    parser.feed("POST / HTTP/1.1\r\nHost: a\r\n"
                "Transfer-Encoding: chunked\r\n\r\n");
    BOOST_TEST((parser.feed(body) == state::refused), body);
    BOOST_TEST(parser.why().status == 400u);
  }
  for (auto* body : {"2\r", "2\r\n{\n", "3\r\n\n\n\n\r\n0\r\n"}) {
    request_parser parser{{}};
    parser.feed("POST / HTTP/1.1\r\nHost: a\r\n"
                "Transfer-Encoding: chunked\r\n\r\n");
    BOOST_TEST((parser.feed(body) == state::body), body);
  }
}

BOOST_AUTO_TEST_CASE(reads_a_request_whatever_pieces_it_comes_in) {
  request_parser parser{{}};
  put_all(parser, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxy");
  BOOST_TEST((parser.now() == state::body));
  parser.feed("z");
  BOOST_REQUIRE((parser.now() == state::ready));
  BOOST_TEST(parser.parsed().body == "xyz");
}

BOOST_AUTO_TEST_CASE(keeps_pipelined_requests_apart) {
  request_parser parser{{}};
  parser.feed("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
              "\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HT");
  BOOST_TEST(parser.parsed().path == "/1");
  BOOST_TEST(parser.parsed().body == "x");
  BOOST_TEST((parser.next() == state::ready));
  BOOST_TEST(parser.parsed().path == "/2");
  BOOST_TEST(parser.parsed().body == "");
  BOOST_TEST((parser.next() == state::head));
  parser.feed("TP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(parser.parsed().path == "/3");
}

BOOST_AUTO_TEST_CASE(passes_an_empty_line_over_in_whatever_pieces) {
  request_parser parser{{}};
  put_all(parser, "\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_REQUIRE((parser.now() == state::ready));
  BOOST_TEST(parser.parsed().path == "/a");
}

BOOST_AUTO_TEST_CASE(reads_chunks_and_drops_their_extensions) {
  request_parser parser{{}};
  put_all(parser, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked"
                  "\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: 1\r\n\r\n");
  BOOST_REQUIRE((parser.now() == state::ready));
  BOOST_TEST(parser.parsed().body == "abcde");
  BOOST_TEST(!parser.parsed().find("trailer"));
}

BOOST_AUTO_TEST_CASE(refuses_broken_chunks) {
  for (auto* chunks : {"-1\r\n", "FFFFFFFFFFFFFFFFF\r\nabc",
                       "10000000000000000\r\nabc", "xyz\r\n", "3\r\nabcd\r\n",
                       "3\nabc\n0\n\n", " 3\r\nabc\r\n", "\r\n0\r\n\r\n"}) {
    request_parser parser{{}};
    parser.feed("POST / HTTP/1.1\r\nHost: a\r\n"
                "Transfer-Encoding: chunked\r\n\r\n");
    parser.feed(chunks);
    parser.feed("0\r\n\r\n0\r\n\r\n");
    BOOST_TEST_CONTEXT(chunks)
    BOOST_TEST((parser.now() == state::refused));
  }
}

BOOST_AUTO_TEST_CASE(bounds_a_chunked_body_and_what_stands_around_it) {
  request_parser parser{{.body_bytes = 4}};
  parser.feed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
              "\r\n3\r\nabc\r\n3\r\nabc\r\n");
  BOOST_REQUIRE((parser.now() == state::refused));
  BOOST_TEST(parser.why().status == 413u);

  request_parser other{{}};
  other.feed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
             "\r\n3;"
             + std::string(20000, 'x'));
  BOOST_TEST((other.now() == state::refused));
}

BOOST_AUTO_TEST_CASE(bounds_a_head_that_does_not_end) {
  request_parser parser{{}};
  parser.feed("GET / HTTP/1.1\r\nX: ");
  parser.feed(std::string(16 * 1024, 'x'));
  BOOST_REQUIRE((parser.now() == state::refused));
  BOOST_TEST(parser.why().status == 431u);
}

BOOST_AUTO_TEST_CASE(unpacks_gzip_within_the_bound) {
  auto packed = gzip(std::string(3000, 'a'));
  auto text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
              "Content-Length: "
              + std::to_string(packed.size()) + "\r\n\r\n" + packed;
  request_parser parser{{.body_bytes = 3000}};
  parser.feed(text);
  BOOST_REQUIRE((parser.now() == state::ready));
  BOOST_TEST(parser.parsed().body == std::string(3000, 'a'));

  request_parser tight{{.body_bytes = 2999}};
  tight.feed(text);
  BOOST_REQUIRE((tight.now() == state::refused));
  BOOST_TEST(tight.why().status == 413u);
}

BOOST_AUTO_TEST_CASE(shares_the_room_for_bodies_with_others) {
  constexpr auto free = body_room::free_bytes;
  auto with_body = [](std::size_t bytes) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
           + std::to_string(bytes) + "\r\n\r\n" + std::string(bytes, 'a');
  };
  auto room = std::make_shared<body_room>(1000);
  request_parser first{{}, room};
  first.feed(with_body(free + 600));
  BOOST_REQUIRE((first.now() == state::ready));
  BOOST_TEST(room->used() == 600u);
  {
    request_parser second{{}, room};
    second.feed(with_body(free + 401));
    BOOST_REQUIRE((second.now() == state::refused));
    BOOST_TEST(second.why().status == 503u);
    BOOST_TEST(second.why().sentence.find("http.bodies_bytes_max")
               != std::string::npos);
    BOOST_TEST(room->used() == 600u);
    BOOST_TEST(room->refused() == 1u);
    // Small ones always have room, and what has begun to come in counts.
    request_parser small{{}, room};
    small.feed(with_body(free));
    BOOST_TEST((small.now() == state::ready));
    request_parser half{{}, room};
    half.feed(with_body(free + 800).substr(0, free + 200));
    BOOST_TEST((half.now() == state::body));
    BOOST_TEST(room->used() > 600u);
  }
  BOOST_TEST(room->used() == 600u);
  first.next();
  BOOST_TEST(room->used() == 0u);
}

BOOST_AUTO_TEST_CASE(counts_what_is_unpacked_as_well) {
  auto packed = gzip(std::string(body_room::free_bytes + 1000, 'a'));
  auto text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
              "Content-Length: "
              + std::to_string(packed.size()) + "\r\n\r\n" + packed;
  auto room = std::make_shared<body_room>(999);
  request_parser parser{{}, room};
  parser.feed(text);
  BOOST_REQUIRE((parser.now() == state::refused));
  BOOST_TEST(parser.why().status == 503u);
  BOOST_TEST(room->used() == 0u);
}

BOOST_AUTO_TEST_CASE(refuses_damaged_gzip_and_unknown_codings) {
  auto packed = gzip("hello hello hello");
  for (auto body : {packed.substr(0, packed.size() - 5), std::string{"hello"},
                    packed + "rest"}) {
    request_parser parser{{}};
    parser.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
                "Content-Length: "
                + std::to_string(body.size()) + "\r\n\r\n" + body);
    BOOST_REQUIRE((parser.now() == state::refused));
    BOOST_TEST(parser.why().status == 400u);
  }
  request_parser parser{{}};
  parser.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: br\r\n"
              "Content-Length: 1\r\n\r\nx");
  BOOST_TEST(parser.why().status == 415u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(writing)

BOOST_AUTO_TEST_CASE(writes_a_response_with_its_length_and_date) {
  test::manual_clock clock;
  response_writer writer{clock};
  std::string out;
  writer.append(out, {.status = 404, .body = "{}", .fields = {{"A", "b"}}}, {});
  BOOST_TEST(out
             == "HTTP/1.1 404 Not Found\r\n"
                "Date: Sun, 15 Feb 2026 12:00:00 GMT\r\n"
                "Content-Type: application/json\r\nContent-Length: 2\r\n"
                "Connection: keep-alive\r\nA: b\r\n\r\n{}");
}

BOOST_AUTO_TEST_CASE(lets_no_value_begin_a_field) {
  test::manual_clock clock;
  response_writer writer{clock};
  std::string out;
  writer.append(out, {.body = "", .fields = {{"A", "b\r\nSet-Cookie: x"}}}, {});
  BOOST_TEST(out.find("A: b??Set-Cookie: x\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(packs_what_is_long_where_the_client_takes_it) {
  test::manual_clock clock;
  response_writer writer{clock};
  std::string out;
  writer.append(out, {.body = std::string(5000, 'x'), .fields = {}},
                {.gzip = true});
  BOOST_TEST(out.find("Content-Encoding: gzip\r\n") != std::string::npos);
  auto packed = out.substr(out.find("\r\n\r\n") + 4);
  BOOST_TEST(*gunzip(packed, 5000) == std::string(5000, 'x'));
}

BOOST_AUTO_TEST_CASE(understands_accept_encoding) {
  BOOST_TEST(accepts_gzip("gzip"));
  BOOST_TEST(accepts_gzip("deflate, GZIP;q=0.5"));
  BOOST_TEST(!accepts_gzip("deflate"));
  BOOST_TEST(!accepts_gzip("gzip;q=0"));
  BOOST_TEST(!accepts_gzip("gzip; q=0.000, br"));
  BOOST_TEST(!accepts_gzip(""));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
