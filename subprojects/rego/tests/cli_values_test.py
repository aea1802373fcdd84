#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests what `rego test --var-values` shows of literals that failed.

usage: tests/cli_values_test.py PROGRAM

example: tests/cli_values_test.py build/rego
"""

import re

import cli_test

POLICY = """package shop

limit := 10
tags contains x if some x in ["b", "a"]
more(x) := x + 1
closed := 1 if input.closed
"""


class values(cli_test.with_files):
    def shown(self, body):
        """What is below the headline of the one test that fails."""
        self.write("shop.rego", POLICY)
        self.write("data.json", '{"stock": {"pen": 4}}')
        self.write("shop_test.rego", "package shop_test\n\nimport data.shop\n\n"
                   "test_it if {\n" + body + "}\n")
        code, out, _ = self.run_in("test", "--var-values", "shop.rego",
                                   "shop_test.rego", "data.json")
        self.assertEqual(code, 1, out)
        found = re.search(r"FAILURES\n-+\n[^\n]*\n\n(.*?)\n\n-----",
                          out, re.DOTALL)
        self.assertTrue(found, out)
        return found[1]

    def expect(self, body, row, *lines):
        self.assertEqual(self.shown(body).split("\n"),
                         [f"  shop_test.rego:{row}:", *lines])

    def test_rules_and_documents_have_their_values(self):
        self.expect("\tshop.limit == data.stock.pen\n", 6,
                    "    \tshop.limit == data.stock.pen",
                    "    \t|             |",
                    "    \t|             4",
                    "    \t10")

    def test_values_are_written_as_rego(self):
        self.expect('  x := {"k": [1, 2]}\n  shop.limit == count(x)\n', 7,
                    "      shop.limit == count(x)",
                    "      |             |     |",
                    '      |             |     {"k": [1, 2]}',
                    "      |             1",
                    "      10")
        self.expect("  x := set()\n  shop.tags == x\n", 7,
                    "      shop.tags == x",
                    "      |            |",
                    "      |            set()",
                    '      {"a", "b"}')

    def test_long_values_are_cut(self):
        self.expect('  x := numbers.range(1, 100)\n  x == [0]\n', 7,
                    "      x == [0]",
                    "      |",
                    "      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "
                    "11, 12, 13, 14, 15, 16, 17, 18, ...")

    def test_what_was_not_tried_is_not_undefined(self):
        self.expect("  shop.closed == shop.limit\n", 6,
                    "      shop.closed == shop.limit",
                    "      |",
                    "      undefined")
        self.expect("  shop.limit == shop.more(shop.closed)\n", 6,
                    "      shop.limit == shop.more(shop.closed)",
                    "      |                       |",
                    "      |                       undefined",
                    "      10")
        self.expect("  [shop.limit, shop.closed, data.stock] == [10, 1, 1]\n",
                    6,
                    "      [shop.limit, shop.closed, data.stock] == [10, 1, 1]",
                    "       |           |",
                    "       |           undefined",
                    "       10")

    def test_all_of_a_collection_is_shown(self):
        self.expect("  [shop.limit, data.stock.pen] == [11, 4]\n", 6,
                    "      [shop.limit, data.stock.pen] == [11, 4]",
                    "       |           |",
                    "       |           4",
                    "       10")
        self.expect('  x := 7\n  [x, {"k": [shop.limit]}] == [8, {}]\n', 7,
                    '      [x, {"k": [shop.limit]}] == [8, {}]',
                    "       |         |",
                    "       |         10",
                    "       7")

    def test_operators_have_their_values_as_written(self):
        self.expect("  x := [2, 3]\n  shop.limit == x[0]  *(x[1] + 1)\n", 7,
                    "      shop.limit == x[0]  *(x[1] + 1)",
                    "      |             |       |",
                    "      |             |       x[1] + 1: 4",
                    "      |             |       x[1]: 3",
                    "      |             x[0]  *(x[1] + 1): 8",
                    "      |             x[0]: 2",
                    "      |             x: [2, 3]",
                    "      10")
        self.expect("  x := 0\n  1 / x == 3\n", 7,
                    "      1 / x == 3",
                    "      |   |",
                    "      |   0",
                    "      undefined")

    def test_of_a_call_that_is_a_literal_the_operands_are_shown(self):
        self.expect('  x := "b"\n  startswith("ab", x)\n', 7,
                    '      startswith("ab", x)',
                    "                       |",
                    '                       "b"')
        self.expect("  x := 7\n  x in [1]\n", 7,
                    "      x in [1]",
                    "      |",
                    "      7")

    def test_comprehensions_have_their_values(self):
        for text, value in (("[x | some x in l]", "[3, 3]"),
                            ("{x | some x in l}", "{3}"),
                            ("{k: x | some k, x in l}", "{0: 3, 1: 3}")):
            self.expect(f"  l := [3, 3]\n  {text} == data.stock\n", 7,
                        f"      {text} == data.stock",
                        f"      |{' ' * (len(text) + 3)}|",
                        f"      |{' ' * (len(text) + 3)}" '{"pen": 4}',
                        f"      {value}")

    def test_what_is_negated_has_its_values(self):
        self.expect("  not shop.limit\n", 6,
                    "      not shop.limit",
                    "          |",
                    "          10")
        self.expect("  x := 3\n  not x == 3\n", 7,
                    "      not x == 3",
                    "          |",
                    "          3")
        self.expect("  x := 12\n  not x == shop.limit + 2\n", 7,
                    "      not x == shop.limit + 2",
                    "          |    |",
                    "          |    shop.limit + 2: 12",
                    "          |    shop.limit: 10",
                    "          12")
        self.expect('  not startswith("ab", input.tag)\n', 6,
                    '      not startswith("ab", input.tag)',
                    "                           |",
                    "                           undefined")

    def test_values_of_with_are_shown(self):
        self.expect("  x := 2\n  shop.closed == 2 with input.closed as x\n", 7,
                    "      shop.closed == 2 with input.closed as x",
                    "      |                                     |",
                    "      |                                     2",
                    "      1")
        self.expect("  not shop.closed with input.closed as true\n", 6,
                    "      not shop.closed with input.closed as true",
                    "          |",
                    "          1")

    def test_what_was_bound_before_is_shown_though_not_reached(self):
        self.expect("  x := 7\n  shop.closed == x\n", 7,
                    "      shop.closed == x",
                    "      |              |",
                    "      |              7",
                    "      undefined")

    def test_a_value_that_shares_its_column_is_named(self):
        self.expect("  x := [7]\n  x[0] == shop.limit\n", 7,
                    "      x[0] == shop.limit",
                    "      |       |",
                    "      |       10",
                    "      x[0]: 7",
                    "      x: [7]")

    def test_tabs_stay_tabs(self):
        self.expect("\tx := 7\n\tx\t== shop.limit\n", 7,
                    "    \tx\t== shop.limit",
                    "    \t|\t   |",
                    "    \t|\t   10",
                    "    \t7")

    def test_arrows_are_below_the_last_line(self):
        self.expect("  x := 7\n  shop.more(x) == count([\n"
                    "    shop.limit,\n  ])\n", 7,
                    "      shop.more(x) == count([",
                    "        shop.limit,",
                    "      ])",
                    "      | |       |     |",
                    "      | |       |     1",
                    "      | |       7",
                    "      | 10",
                    "      8")

    def test_several_lines_with_tabs_are_shown_by_name(self):
        self.expect("\tx := 7\n\tshop.more(x) == count([\n"
                    "\t\tshop.limit])\n", 7,
                    "    \tshop.more(x) == count([",
                    "    \t\tshop.limit])",
                    "",
                    "    Where:",
                    "",
                    "    count([data.shop.limit]): 1",
                    "    shop.limit: 10",
                    "    shop.more(x): 8",
                    "    x: 7")

    def test_the_literal_within_every_is_shown(self):
        self.expect("  every x in [1, 2] {\n    x == 1\n  }\n", 7,
                    "        x == 1",
                    "        |",
                    "        2")

    def test_cases_are_below_those_that_they_are_in(self):
        self.write("case_test.rego", "package case_test\n\n"
                   "test_two[a][b] if {\n  some a in [\"x\"]\n"
                   "  some b in [\"y\", \"z\"]\n  b == \"y\"\n}\n")
        _, out, _ = self.run_in("test", "--var-values", "case_test.rego")
        self.assertIn("  x: FAIL\n    z: FAIL\n\n"
                      "      case_test.rego:6:\n"
                      "          b == \"y\"\n          |\n          \"z\"\n",
                      out)


if __name__ == "__main__":
    cli_test.main(__doc__)
