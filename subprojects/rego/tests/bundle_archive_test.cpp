// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Archives of bundles, hostile ones above all: written here byte by byte, since
// no well-behaved program makes them.

#include <boost/test/unit_test.hpp>

#include "bundle_fixture.hpp"

BOOST_AUTO_TEST_SUITE(bundle_archive_test)

using namespace rego::bundle;
using rego::test::gzipped;
using rego::test::message_of;
using rego::test::tar_end;
using rego::test::tar_entry;

namespace {

std::string refusal_of(const std::string& tar, const bounds& within = {}) {
  return message_of(unpack(gzipped(tar + tar_end()), within));
}

} // namespace

BOOST_AUTO_TEST_CASE(gives_back_the_files_that_were_packed) {
  auto archive = pack({{"b/data.json", "{}"},
                       {"a.rego", "package a"},
                       {"caf\xc3\xa9/" + std::string(150, 'x'), "long"}});
  BOOST_REQUIRE(archive);
  auto files = unpack(*archive);
  BOOST_REQUIRE(files);
  BOOST_REQUIRE(files->size() == 3u);
  BOOST_TEST((*files)[0].path == "a.rego");
  BOOST_TEST((*files)[0].bytes == "package a");
  BOOST_TEST((*files)[1].path == "b/data.json");
  BOOST_TEST((*files)[2].path == "caf\xc3\xa9/" + std::string(150, 'x'));
  BOOST_TEST((*files)[2].bytes == "long");
}

BOOST_AUTO_TEST_CASE(packs_the_same_files_into_the_same_bytes) {
  file_list files{{"b", "2"}, {"a", "1"}};
  file_list other{{"a", "1"}, {"b", "2"}};
  BOOST_TEST(*pack(files) == *pack(other));
}

BOOST_AUTO_TEST_CASE(takes_folders_and_names_as_tar_and_opa_write_them) {
  auto files = unpack(gzipped(tar_entry("./roles/", "", '5')
                              + tar_entry("./roles/data.json", "{}")
                              + tar_entry("/x.rego", "package x") + tar_end()));
  BOOST_REQUIRE(files);
  BOOST_REQUIRE(files->size() == 2u);
  BOOST_TEST((*files)[0].path == "roles/data.json");
  BOOST_TEST((*files)[1].path == "x.rego");
}

BOOST_AUTO_TEST_CASE(refuses_names_that_lead_elsewhere) {
  for (auto name : {"../x", "a/../../x", "/../x", "a/./x", "a//x", "//x",
                    "a/..", "a\\..\\x", "a\nb", "\xff\xfe", ".."})
    BOOST_TEST(refusal_of(tar_entry(name, "x")).find("a name") == 0u, name);
  BOOST_TEST(refusal_of(tar_entry("a/" + std::string(90, 'b'), "x"),
                        {.path_bytes = 50})
             == "a name of 92 bytes; expected 1 to 50");
}

BOOST_AUTO_TEST_CASE(refuses_links_and_special_files) {
  for (auto type : {'1', '2', '3', '4', '6'})
    BOOST_TEST(refusal_of(tar_entry("x", "", type, "/etc/passwd"))
               == "a link, device or other special file; expected regular "
                  "files and folders");
}

BOOST_AUTO_TEST_CASE(refuses_a_name_that_stands_twice) {
  BOOST_TEST(refusal_of(tar_entry("a", "1") + tar_entry("./a", "2"))
             == "the name stands in the archive twice");
}

BOOST_AUTO_TEST_CASE(bounds_files_and_bytes) {
  auto three =
      tar_entry("a", "1234") + tar_entry("b", "1234") + tar_entry("c", "1234");
  BOOST_TEST(refusal_of(three) == "");
  BOOST_TEST(refusal_of(three, {.files = 2})
             == "more files than allowed; at most 2 are taken");
  BOOST_TEST(refusal_of(three, {.file_bytes = 3})
             == "a file of 4 bytes; at most 3 are taken");
  BOOST_TEST(refusal_of(three, {.total_bytes = 11})
             == "more bytes in all files than allowed; at most 11 are taken");
  std::string folders;
  for (int i = 0; i < 5; ++i)
    folders += tar_entry("d" + std::to_string(i) + "/", "", '5');
  BOOST_TEST(refusal_of(folders, {.files = 2})
             == "more files than allowed; at most 2 are taken");
  auto archive = gzipped(three + tar_end());
  BOOST_TEST(message_of(unpack(archive, {.archive_bytes = 10}))
             == "an archive of " + std::to_string(archive.size())
                    + " bytes; at most 10 are taken");
}

BOOST_AUTO_TEST_CASE(refuses_what_inflates_beyond_all_measure) {
  auto bomb = tar_entry("a", std::string(8u << 20, '\0'));
  BOOST_TEST(refusal_of(bomb)
             == "more bytes inflated for each of the archive than allowed; at "
                "most 200 are taken");
  BOOST_TEST(refusal_of(bomb, {.ratio = 2000}) == "");
  // A folder has no content, whatever its header says.
  BOOST_TEST(refusal_of(tar_entry("d/", std::string(4096, 'x'), '5')) != "");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_archive) {
  auto whole = gzipped(tar_entry("a", std::string(5000, 'x')) + tar_end());
  for (auto& bytes :
       {std::string(), std::string("PK\3\4"), tar_entry("a", "1") + tar_end(),
        gzipped("no tar"), whole.substr(0, whole.size() / 2),
        std::string("\x1f\x8b\x08\x00")})
    BOOST_TEST(message_of(unpack(bytes)) != "");
  auto broken = tar_entry("a", "1");
  broken[148] = '9'; // the header's checksum
  BOOST_TEST(refusal_of(broken) != "");
}

BOOST_AUTO_TEST_CASE(reads_or_refuses_every_damaged_archive) {
  auto whole = gzipped(tar_entry("a.rego", "package a")
                       + tar_entry("d/data.json", R"({"x": 1})") + tar_end());
  size_t refused = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    auto bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x41);
    auto files = unpack(bytes);
    refused += !files;
    if (files)
      for (auto& f : *files)
        BOOST_TEST(f.path.find("..") == f.path.npos);
  }
  BOOST_TEST(refused > whole.size() / 2);
}

BOOST_AUTO_TEST_SUITE_END()
