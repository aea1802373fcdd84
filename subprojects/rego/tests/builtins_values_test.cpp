// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on types, numbers, bits, sets, arrays and objects.

#include <boost/test/unit_test.hpp>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_values_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(types_and_casts) {
  BOOST_TEST(call("is_set", R"([{"$set":[1]}])") == "true");
  BOOST_TEST(call("is_array", R"([{"$set":[1]}])") == "false");
  BOOST_TEST(call("type_name", "[null]") == R"("null")");
  BOOST_TEST(call("to_number", R"(["1.50"])") == "1.50");
  BOOST_TEST(call("to_number", R"(["1E5"])") == "1E5");
  BOOST_TEST(call("to_number", R"(["+01."])") == "1");
  BOOST_TEST(call("to_number", R"(["1_000.5e1_0"])") == "1000.5e10");
  BOOST_TEST(call("to_number", R"(["-0x1_0.8P-2"])") == "-4.125");
  BOOST_TEST(call("to_number", R"(["0x_1p0"])") == "1");
  for (auto wrong : {"1__0", "_1", "1_", "1_.5", "1_e5", "0x1", "0xp1",
                     "0_x1p1", "0x1.8", "0b1"})
    BOOST_TEST(call("to_number", "[\"" + std::string(wrong) + "\"]")
                   .ends_with("invalid syntax"),
               wrong);
  BOOST_TEST(call("to_number", R"(["0x1p1024"])").ends_with("out of range"));
  BOOST_TEST(call("to_number", "[true]") == "1");
  BOOST_TEST(
      call("to_number", R"(["0x1"])")
      == R"(eval_builtin_error: strconv.ParseFloat: parsing "0x1": invalid syntax)");
  BOOST_TEST(call("to_number", R"(["inf"])")
             == "eval_type_error: operand 1 must be valid number string but "
                "got string");
  BOOST_TEST(call("to_number", "[[]]")
             == "eval_type_error: operand 1 must be one of {null, boolean, "
                "number, string} but got array");
  BOOST_TEST(call("cast_set", "[[1,1]]") == "{1}");
  BOOST_TEST(call("cast_array", R"([{"$set":[2,1]}])") == "[1, 2]");
  BOOST_TEST(call("cast_string", "[1]")
             == "eval_type_error: operand 1 must be string but got number");
}

BOOST_AUTO_TEST_CASE(comparison_and_membership) {
  BOOST_TEST(call("equal", "[1,1.0]") == "true");
  BOOST_TEST(call("lt", "[null,false]") == "true");
  BOOST_TEST(call("gte", R"(["b","a"])") == "true");
  BOOST_TEST(call("neq", "[[1],[1]]") == "false");
  BOOST_TEST(call("internal.member_2", "[1,[3,1]]") == "true");
  BOOST_TEST(call("internal.member_2", R"([1,{"a":1}])") == "true");
  BOOST_TEST(call("internal.member_2", R"(["a","abc"])") == "false");
  BOOST_TEST(call("internal.member_3", R"(["a",1,{"a":1}])") == "true");
}

BOOST_AUTO_TEST_CASE(arithmetic_is_exact_on_whole_numbers) {
  BOOST_TEST(call("plus", "[36893488147419103232,1]")
             == "36893488147419103233");
  BOOST_TEST(call("mul", "[9223372036854775807,10]") == "92233720368547758070");
  BOOST_TEST(call("plus", "[0.1,0.2]") == "0.3");
  BOOST_TEST(call("div", "[1,3]") == "0.33333333333333333334");
  BOOST_TEST(call("div", "[1,0]") == "eval_builtin_error: divide by zero");
  BOOST_TEST(call("rem", "[-7,3]") == "-1");
  BOOST_TEST(call("rem", "[7,0]") == "eval_builtin_error: modulo by zero");
  BOOST_TEST(call("rem", "[1.1,1]")
             == "eval_builtin_error: modulo on floating-point number");
  BOOST_TEST(call("minus", R"([{"$set":[1,2,3]},{"$set":[2,3,4]}])") == "{1}");
  BOOST_TEST(call("minus", R"([1,{"$set":[2]}])")
             == "eval_type_error: operand 2 must be number but got set");
}

// Rounded to 64 bits of mantissa, with the shortest digits that read back; what
// is made whole has all of its digits.
BOOST_AUTO_TEST_CASE(large_results_have_the_digits_of_their_precision) {
  BOOST_TEST(call("div", "[1e25, 3]") == "3333333333333333333200000");
  BOOST_TEST(call("mul", "[1e30, 1.5]") == "1500000000000000000000000000000");
  BOOST_TEST(call("abs", "[-12345678901234567890123]")
             == "12345678901234567890000");
  BOOST_TEST(call("floor", "[1e25]") == "10000000000000000000000000");
  BOOST_TEST(call("floor", "[12345678901234567890123]")
             == "12345678901234567889920");
}

// OPA multiplies fractions on 53 bits here, and on 64 where `*` does.
BOOST_AUTO_TEST_CASE(products_are_rounded_as_opa_rounds_them) {
  BOOST_TEST(call("product", "[[0.1, 3]]") == "0.30000000000000004");
  BOOST_TEST(call("mul", "[0.1, 3]") == "0.3");
  BOOST_TEST(call("product", "[[1.05, 100]]") == "105");
  BOOST_TEST(call("product", "[[0.00001, 0.5]]") == "5e-06");
  BOOST_TEST(call("product", "[[1234567.5, 1]]") == "1.2345675e+06");
  BOOST_TEST(call("product", "[[1.5, 1e20]]") == "150000000000000000000");
  BOOST_TEST(call("product", "[[9007199254740993, 3.0]]")
             == "27021597764222979");
  BOOST_TEST(call("product", "[[1.5, 1e-20000, 1e-20000]]")
             == "a number has more than 30103 "
                "digits");
}

BOOST_AUTO_TEST_CASE(zeros_keep_their_sign) {
  BOOST_TEST(call("div", "[0, -5]") == "-0");
  BOOST_TEST(call("div", "[0, 5]") == "0");
  BOOST_TEST(call("mul", "[0, -1.5]") == "-0");
  BOOST_TEST(call("mul", "[0, -5]") == "0");
  BOOST_TEST(call("product", "[[0, -1.5]]") == "-0");
  BOOST_TEST(call("equal", "[0, -0]") == "true");
}

BOOST_AUTO_TEST_CASE(extremes_are_the_last_of_equals) {
  BOOST_TEST(call("max", "[[1, 1.0]]") == "1.0");
  BOOST_TEST(call("min", "[[1, 1.0, 2]]") == "1.0");
}

BOOST_AUTO_TEST_CASE(rounding_is_half_away_from_zero) {
  BOOST_TEST(call("round", "[-2.5]") == "-3");
  BOOST_TEST(call("round", "[2.4]") == "2");
  BOOST_TEST(call("ceil", "[2.1]") == "3");
  BOOST_TEST(call("floor", "[2.9]") == "2");
  BOOST_TEST(call("floor", "[-2.1]") == "-3");
  BOOST_TEST(call("abs", "[-9223372036854775808]") == "9223372036854775808");
  BOOST_TEST(call("abs", "[-1.5]") == "1.5");
}

BOOST_AUTO_TEST_CASE(ranges_run_both_ways) {
  BOOST_TEST(call("numbers.range", "[3,-1]") == "[3, 2, 1, 0, -1]");
  BOOST_TEST(call("numbers.range_step", "[0,10,3]") == "[0, 3, 6, 9]");
  BOOST_TEST(call("numbers.range_step", "[0,10,0]")
             == "eval_builtin_error: numbers.range_step: step must be a "
                "positive integer");
  BOOST_TEST(call("numbers.range", "[3,3.14]")
             == "eval_type_error: operand 2 must be integer number but got "
                "floating-point number");
  BOOST_TEST(call("numbers.range", "[0,1e15]")
             == "the memory limit is reached");
  BOOST_TEST(call("numbers.range", "[9223372036854775807,9223372036854775808]")
             == "[9223372036854775807, 9223372036854775808]");
}

BOOST_AUTO_TEST_CASE(bits_use_twos_complement) {
  BOOST_TEST(call("bits.and", "[-6,3]") == "2");
  BOOST_TEST(call("bits.or", "[-6,3]") == "-5");
  BOOST_TEST(call("bits.xor", "[-6,3]") == "-7");
  BOOST_TEST(call("bits.negate", "[42]") == "-43");
  BOOST_TEST(call("bits.rsh", "[-5,1]") == "-3");
  BOOST_TEST(call("bits.lsh", "[9223372036854775807,1]")
             == "18446744073709551614");
  BOOST_TEST(call("bits.rsh", "[7,-1]")
             == "eval_type_error: operand 2 must be an unsigned integer number "
                "but got a negative integer");
  BOOST_TEST(call("bits.lsh", "[7.2,4]")
             == "eval_type_error: operand 1 must be integer number but got "
                "floating-point number");
  BOOST_TEST(call("bits.lsh", "[1,1e9]")
             == "a number has more than 30103 digits");
}

BOOST_AUTO_TEST_CASE(sets_and_arrays) {
  BOOST_TEST(call("and", R"([{"$set":[1,2,3]},{"$set":[2,3,4]}])") == "{2, 3}");
  BOOST_TEST(call("or", R"([{"$set":[1]},{"$set":["a"]}])") == R"({1, "a"})");
  BOOST_TEST(call("union", R"([{"$set":[{"$set":[1]},{"$set":[2]}]}])")
             == "{1, 2}");
  BOOST_TEST(call("intersection", R"([{"$set":[{"$set":[1,2]},{"$set":[2]}]}])")
             == "{2}");
  BOOST_TEST(call("intersection", R"([{"$set":[]}])") == "set()");
  BOOST_TEST(call("array.slice", "[[1,2,3,4],1,3]") == "[2, 3]");
  BOOST_TEST(call("array.slice", "[[1,2],-5,9]") == "[1, 2]");
  BOOST_TEST(call("array.slice", "[[1,2],2,1]") == "[]");
  BOOST_TEST(call("array.reverse", "[[1,2]]") == "[2, 1]");
  BOOST_TEST(call("array.concat", "[[1],{}]")
             == "eval_type_error: operand 2 must be array but got object");
  BOOST_TEST(call("array.flatten", "[[1,[2,[3]]]]") == "[1, 2, [3]]");
}

BOOST_AUTO_TEST_CASE(objects_by_key) {
  BOOST_TEST(call("object.get", R"([{"a":{"b":[1,2]}},["a","b",1],"no"])")
             == "2");
  BOOST_TEST(call("object.get", R"([{"a":1},["a","b"],"no"])") == R"("no")");
  BOOST_TEST(call("object.get", R"([{"a":1},[],0])") == R"({"a": 1})");
  BOOST_TEST(call("object.keys", R"([{"a":1,"b":2}])") == R"({"a", "b"})");
  BOOST_TEST(call("object.filter", R"([{"a":1,"b":2},["a"]])")
             == R"({"a": 1})");
  BOOST_TEST(call("object.remove", R"([{"a":1,"b":2},{"a":0}])")
             == R"({"b": 2})");
  BOOST_TEST(call("object.remove", R"([{"a":1},"a"])")
             == "eval_type_error: operand 2 must be one of {object, set, "
                "array} but got string");
}

BOOST_AUTO_TEST_CASE(objects_merge_to_the_right) {
  BOOST_TEST(call("object.union", R"([{"a":{"b":1}},{"a":{"c":2}}])")
             == R"({"a": {"b": 1, "c": 2}})");
  BOOST_TEST(call("object.union", R"([{"a":1},{"a":{"c":2}}])")
             == R"({"a": {"c": 2}})");
  BOOST_TEST(
      call("object.union_n", R"([[{"a":{"b":2}},{"a":4},{"a":{"c":3}}]])")
      == R"({"a": {"c": 3}})");
  BOOST_TEST(call("object.union_n", "[[{},1]]")
             == "eval_type_error: operand 1 must be array of objects but got "
                "array containing number");
}

BOOST_AUTO_TEST_CASE(subsets_look_into_objects) {
  BOOST_TEST(call("object.subset", R"([{"a":{"b":1,"c":2}},{"a":{"b":1}}])")
             == "true");
  BOOST_TEST(call("object.subset", "[[1,2,3,4],[2,3]]") == "true");
  BOOST_TEST(call("object.subset", "[[1,2,3,4],[2,4]]") == "false");
  BOOST_TEST(call("object.subset", R"([[1,2,3],{"$set":[3,1]}])") == "true");
  BOOST_TEST(call("object.subset", R"([{"$set":[1]},{"$set":[1,2]}])")
             == "false");
  BOOST_TEST(call("object.subset", "[{},[]]")
             == "eval_type_error: both arguments object.subset must be of the "
                "same type or array and set");
}

BOOST_AUTO_TEST_CASE(a_random_number_stays_for_the_evaluation) {
  rego::arena a;
  rego::test::fake_context c(a);
  auto first = call(c, "rand.intn", R"(["k", 1000])");
  BOOST_TEST(call(c, "rand.intn", R"(["k", -1000])") == first);
  BOOST_TEST(call(c, "rand.intn", R"(["other", 1000])") != first);
  BOOST_TEST(call(c, "rand.intn", R"(["k", 0])") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
