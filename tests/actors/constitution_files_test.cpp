// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Which files of a folder a node reads, and which it refuses to overlook.

#include "actors/node/constitution_check.hpp"
#include "actors/node/constitution_files.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(constitution_files_test)

using namespace acgs;
namespace fs = std::filesystem;

namespace {

struct fixture {
  fixture() {
    fs::create_directories(folder / "sub");
    test::write_file(folder / "main.rego", "package main\n");
    test::write_file(scratch.path() / "far.rego", "package far\n");
  }

  /// The sentence of the refusal, which must name the file.
  void check_refused(const fs::path& file, std::string_view why) {
    auto found = node::read_modules(folder);
    BOOST_REQUIRE(!found);
    auto said = sentence_of(found.error());
    BOOST_TEST((code_of(found.error()) == ec::invalid_argument), said);
    BOOST_TEST(said.find(file.string()) != said.npos, said);
    BOOST_TEST(said.find(why) != said.npos, said);
    fs::remove(file);
    BOOST_TEST(bool{node::read_modules(folder)});
  }

  test::scratch_folder scratch;
  fs::path folder = scratch.path() / "policies";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(folders, fixture)

BOOST_AUTO_TEST_CASE(holds_all_rego_but_the_tests) {
  test::write_file(folder / "main_test.rego", "package main\n");
  test::write_file(folder / "README.md", "what these are\n");
  test::write_file(folder / "sub/deep.rego", "package deep\n");
  auto found = node::read_modules(folder);
  BOOST_REQUIRE(bool{found});
  BOOST_TEST((*found
              == node::module_texts{{"main.rego", "package main\n"},
                                    {"sub/deep.rego", "package deep\n"}}));
}

BOOST_AUTO_TEST_CASE(holds_what_a_link_leads_to) {
  fs::create_symlink("../../far.rego", folder / "sub/near.rego");
  auto found = node::read_modules(folder);
  BOOST_REQUIRE(bool{found});
  BOOST_TEST(found->at("sub/near.rego") == "package far\n");
  auto linked = node::digest_of(*found);
  fs::remove(folder / "sub/near.rego");
  test::write_file(folder / "sub/near.rego", "package far\n");
  BOOST_TEST((linked == node::digest_of(*node::read_modules(folder))));
}

BOOST_AUTO_TEST_CASE(holds_the_files_of_a_kubernetes_volume_once) {
  auto stamped = folder / "..2026_11_23_04_30_00.1";
  fs::create_directory(stamped);
  fs::rename(folder / "main.rego", stamped / "main.rego");
  fs::create_directory_symlink(stamped.filename(), folder / "..data");
  fs::create_symlink("..data/main.rego", folder / "main.rego");
  auto found = node::read_modules(folder);
  BOOST_REQUIRE(bool{found});
  BOOST_TEST((*found == node::module_texts{{"main.rego", "package main\n"}}));
  fs::create_symlink("nowhere", folder / "..more");
  check_refused(folder / "..more", "No such file");
}

BOOST_AUTO_TEST_CASE(refuses_a_link_to_anything_but_a_file) {
  fs::create_symlink("nowhere.rego", folder / "sub/a.rego");
  check_refused(folder / "sub/a.rego", "No such file");
  fs::create_symlink("a.rego", folder / "sub/a.rego");
  check_refused(folder / "sub/a.rego", "symbolic links");
  fs::create_symlink("/dev/null", folder / "sub/a.rego");
  check_refused(folder / "sub/a.rego", "no regular file");
  fs::create_directory_symlink(scratch.path(), folder / "more");
  check_refused(folder / "more", "a folder; expected one to a regular file");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_file_under_the_name_of_one) {
  BOOST_REQUIRE(::mkfifo((folder / "a.rego").c_str(), 0600) == 0);
  check_refused(folder / "a.rego", "a pipe");
  fs::create_directory(folder / "sub/b.rego");
  check_refused(folder / "sub/b.rego", "a folder");
}

BOOST_AUTO_TEST_CASE(refuses_data_which_it_does_not_read) {
  for (auto* name : {"data.json", "sub/data.yaml", "sub/data.yml"}) {
    test::write_file(folder / name, "{}");
    check_refused(folder / name, "data is not read");
  }
}

BOOST_AUTO_TEST_CASE(refuses_one_path_in_two_folders) {
  auto other = scratch.path() / "other";
  fs::create_directories(other / "sub");
  test::write_file(other / "sub/main.rego", "package other\n");
  config::policy_settings with;
  with.directories = {folder, other};
  BOOST_TEST(!node::check_policies(with));
  test::write_file(folder / "sub/main.rego", "package other\n");
  auto wrong = node::check_policies(with);
  BOOST_TEST((code_of(wrong) == ec::conflict));
  auto said = sentence_of(wrong);
  BOOST_TEST(said.starts_with("policy.directories: "), said);
  for (auto& one : with.directories)
    BOOST_TEST(said.find((one / "sub/main.rego").string()) != said.npos, said);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
