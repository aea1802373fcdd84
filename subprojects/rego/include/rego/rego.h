/* SPDX-FileCopyrightText: The ACGS authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The engine for C (C99) and whatever can call C. Values are JSON text in
 * UTF-8; nothing here throws, exits or prints.
 *
 *   char* errors = NULL;
 *   rego_module m = {"main.rego", text};
 *   rego_policy* p = rego_compile(&m, 1, NULL, &errors);
 *   rego_data* d = rego_load_data("{\"users\": {}}", REGO_TO_NUL, &errors);
 *   rego_query* q = rego_prepare(p, "data.acgs.main.decision", NULL, &errors);
 *   rego_evaluator* e = rego_evaluator_new();
 *   rego_answer a;
 *   if (rego_evaluate(e, q, d, body, body_size, NULL, &a) == REGO_DEFINED)
 *     send(a.result, a.result_size);
 *
 * Ownership. What a function returns belongs to the caller, who gives it back
 * with the function named there; NULL may always be given back. A query keeps
 * its policy alive, so that the policy may be given back before it. What
 * rego_answer points to belongs to the evaluator and is good until its next
 * rego_evaluate or rego_evaluator_free.
 *
 * Threads. rego_policy, rego_data and rego_query never change: any number of
 * threads may use one at the same time, also to prepare and to evaluate. A
 * rego_evaluator is for one thread at a time (have one a thread, and reuse it);
 * only rego_cancel may be called on it from elsewhere. Nobody may use an object
 * that another thread gives back.
 *
 * Errors. A function that can fail takes `char** errors`, which may be NULL.
 * On failure it returns NULL and sets *errors to a JSON text that the caller
 * gives back with rego_string_free; on success *errors is left as it was:
 *
 *   {"errors": [{"code": "rego_parse_error", "message": "...",
 *                "location": {"file": "main.rego", "row": 3, "col": 1}}]}
 *
 * Errors of no place have no location. Codes and messages are OPA's, as are the
 * "details" that errors of the parser and of types have beside the message.
 * Where memory runs out while the text is made, *errors is NULL.
 */
#ifndef REGO_REGO_H
#define REGO_REGO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* As the size of a text: it ends at its NUL. */
#define REGO_TO_NUL ((size_t)-1)

typedef struct rego_policy rego_policy;       /* compiled modules */
typedef struct rego_data rego_data;           /* base documents */
typedef struct rego_query rego_query;         /* prepared on one policy */
typedef struct rego_evaluator rego_evaluator; /* answers queries */

/* The engine's version, "1.2.3". Never to be given back. */
const char* rego_version(void);

/* A module: its file name, for the positions in errors, and its text. */
typedef struct rego_module {
  const char* name;
  const char* text;
} rego_module;

/* Options; NULL stands for all 0. A caller sets an object to 0 and then what
 * it wants, so that fields added later are 0 as well. */
typedef struct rego_compile_options {
  int v0_compatible; /* modules are v0 unless they import rego.v1 */
  int strict;        /* OPA's --strict checks */
} rego_compile_options;

/* Compiles modules together; none at all is a policy without rules. */
rego_policy* rego_compile(const rego_module* modules, size_t count,
                          const rego_compile_options* options, char** errors);
void rego_policy_free(rego_policy* policy);

/* Base documents from a JSON object. */
rego_data* rego_load_data(const char* json, size_t size, char** errors);
void rego_data_free(rego_data* data);

typedef struct rego_prepare_options {
  int result_set;    /* 0: the query is one reference, such as data.a.b, and
                        the result is that document. 1: any query; the result
                        is OPA's array of {"bindings", "expressions"}, one a
                        solution */
  int v0_compatible; /* of the query's own syntax */
} rego_prepare_options;

/* Compiles a query against a policy. */
rego_query* rego_prepare(const rego_policy* policy, const char* query,
                         const rego_prepare_options* options, char** errors);
void rego_query_free(rego_query* query);

/* NULL only where memory runs out. */
rego_evaluator* rego_evaluator_new(void);
void rego_evaluator_free(rego_evaluator* evaluator);

/* Bounds of one evaluation, 0 for none; reaching one ends the evaluation with
 * eval_cancel_error and nothing else. */
typedef struct rego_evaluate_options {
  uint64_t instructions;
  uint64_t wall_ns;
  uint64_t memory_bytes;     /* 0: 1 GiB */
  int strict_builtin_errors; /* an error of a built-in is the query's */
  uint64_t output_bytes;     /* of the result's JSON, roughly; 0: 256 MiB */
} rego_evaluate_options;

typedef enum rego_status {
  REGO_DEFINED = 0,   /* there is a result */
  REGO_UNDEFINED = 1, /* there is none, which is no error */
  REGO_ERROR = 2      /* see `errors` */
} rego_status;

typedef struct rego_answer {
  const char* result; /* JSON with a NUL behind it; NULL unless defined */
  size_t result_size; /* without the NUL */
  const char* errors; /* as above; NULL unless REGO_ERROR */
  int nondeterministic; /* clock, randomness or network: do not cache */
  uint64_t instructions;
} rego_answer;

/* Evaluates a query on data and an input, which is JSON or NULL for none.
 * `answer` is set whatever comes out. A cancellation that came before the call
 * is forgotten. */
rego_status rego_evaluate(rego_evaluator* evaluator, const rego_query* query,
                          const rego_data* data, const char* input,
                          size_t input_size,
                          const rego_evaluate_options* options,
                          rego_answer* answer);

/* Ends the evaluation that the evaluator is at, soon, with eval_cancel_error.
 * From any thread. */
void rego_cancel(rego_evaluator* evaluator);

/* Gives back what `errors` was set to. */
void rego_string_free(char* text);

#ifdef __cplusplus
}
#endif

#endif
