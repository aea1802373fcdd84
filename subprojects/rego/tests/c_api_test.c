/* SPDX-FileCopyrightText: The ACGS authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The interface for C, used from C99 alone.
 */

#include "rego/rego.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int failures = 0;

#define REGO_CHECK(what) check((what), #what, __LINE__)

static void check(int holds, const char* what, int line) {
  if (holds)
    return;
  fprintf(stderr, "line %d: %s does not hold\n", line, what);
  ++failures;
}

static const char* module_text = "package t\n"
                                 "default allow := false\n"
                                 "allow if data.users[input.user]\n"
                                 "sum := x if { x := input.a + input.b }\n"
                                 "bad := 1 / input.zero\n"
                                 "now := time.now_ns()\n"
                                 "xs := numbers.range(1, 2000)\n"
                                 "slow if { some a in xs; some b in xs\n"
                                 "  some c in xs; a + b == c; c < 0 }\n";

static rego_policy* policy;
static rego_data* data;

static void set_up(void) {
  rego_module m;
  char* errors = NULL;
  m.name = "t.rego";
  m.text = module_text;
  policy = rego_compile(&m, 1, NULL, &errors);
  REGO_CHECK(policy != NULL && errors == NULL);
  data = rego_load_data("{\"users\": {\"ann\": true}}", REGO_TO_NUL, &errors);
  REGO_CHECK(data != NULL && errors == NULL);
}

static rego_query* query_of(const char* text, int result_set) {
  rego_prepare_options o = {0};
  rego_query* q;
  char* errors = NULL;
  o.result_set = result_set;
  q = rego_prepare(policy, text, &o, &errors);
  REGO_CHECK(q != NULL && errors == NULL);
  return q;
}

static void answers_with_documents_and_result_sets(void) {
  rego_evaluator* e = rego_evaluator_new();
  rego_query* allow = query_of("data.t.allow", 0);
  rego_query* sum = query_of("data.t.sum", 0);
  rego_query* any = query_of("x := data.t.sum; x > 2", 1);
  rego_answer a;
  const char* ann = "{\"user\": \"ann\"}#";
  REGO_CHECK(rego_evaluate(e, allow, data, ann, strlen(ann) - 1, NULL, &a)
             == REGO_DEFINED);
  REGO_CHECK(strcmp(a.result, "true") == 0 && a.result_size == 4);
  REGO_CHECK(a.errors == NULL && !a.nondeterministic && a.instructions > 0);
  REGO_CHECK(rego_evaluate(e, sum, data, NULL, 0, NULL, &a) == REGO_UNDEFINED);
  REGO_CHECK(a.result == NULL && a.errors == NULL);
  REGO_CHECK(rego_evaluate(e, any, data, "{\"a\": 1, \"b\": 2}", REGO_TO_NUL,
                           NULL, &a)
             == REGO_DEFINED);
  REGO_CHECK(strcmp(a.result, "[{\"bindings\":{\"x\":3},"
                              "\"expressions\":[true,true]}]")
             == 0);
  rego_query_free(any);
  rego_query_free(sum);
  rego_query_free(allow);
  rego_evaluator_free(e);
}

static void says_what_is_wrong(void) {
  rego_evaluator* e = rego_evaluator_new();
  rego_query* bad = query_of("data.t.bad", 0);
  rego_query* slow = query_of("data.t.slow", 0);
  rego_query* now = query_of("data.t.now", 0);
  rego_evaluate_options o = {0};
  rego_module m;
  rego_answer a;
  char* errors = NULL;
  m.name = "x.rego";
  m.text = "package x\np if {\n";
  REGO_CHECK(rego_compile(&m, 1, NULL, &errors) == NULL);
  REGO_CHECK(errors != NULL && strstr(errors, "\"rego_parse_error\"") != NULL
             && strstr(errors, "\"file\":\"x.rego\"") != NULL);
  rego_string_free(errors);
  REGO_CHECK(rego_compile(&m, 1, NULL, NULL) == NULL);
  errors = NULL;
  REGO_CHECK(rego_load_data("[1]", REGO_TO_NUL, &errors) == NULL);
  REGO_CHECK(errors != NULL && strstr(errors, "must be an object") != NULL);
  rego_string_free(errors);
  errors = NULL;
  REGO_CHECK(rego_prepare(policy, "1 + 1", NULL, &errors) == NULL);
  REGO_CHECK(errors != NULL && strstr(errors, "one reference") != NULL);
  rego_string_free(errors);
  o.strict_builtin_errors = 1;
  REGO_CHECK(rego_evaluate(e, bad, data, "{\"zero\": 0}", REGO_TO_NUL, &o, &a)
             == REGO_ERROR);
  REGO_CHECK(strstr(a.errors, "divide by zero") != NULL && a.result == NULL);
  REGO_CHECK(rego_evaluate(e, bad, data, "{", REGO_TO_NUL, NULL, &a)
             == REGO_ERROR);
  o.instructions = 10000;
  REGO_CHECK(rego_evaluate(e, slow, data, NULL, 0, &o, &a) == REGO_ERROR);
  REGO_CHECK(strstr(a.errors, "instruction limit") != NULL);
  REGO_CHECK(rego_evaluate(e, now, data, NULL, 0, NULL, &a) == REGO_DEFINED);
  REGO_CHECK(a.nondeterministic);
  rego_query_free(now);
  rego_query_free(slow);
  rego_query_free(bad);
  rego_evaluator_free(e);
}

struct asker {
  const rego_query* query;
  int wrong;
};

static void* ask(void* in) {
  struct asker* me = in;
  rego_evaluator* e = rego_evaluator_new();
  int i;
  for (i = 0; i < 200; ++i) {
    rego_answer a;
    char input[64];
    char want[16];
    snprintf(input, sizeof input, "{\"a\": %d, \"b\": 1}", i);
    snprintf(want, sizeof want, "%d", i + 1);
    if (rego_evaluate(e, me->query, data, input, REGO_TO_NUL, NULL, &a)
            != REGO_DEFINED
        || strcmp(a.result, want) != 0)
      ++me->wrong;
  }
  rego_evaluator_free(e);
  return NULL;
}

static void shares_a_query_between_threads(void) {
  rego_query* q = query_of("data.t.sum", 0);
  struct asker askers[4];
  pthread_t threads[4];
  int i;
  for (i = 0; i < 4; ++i) {
    askers[i].query = q;
    askers[i].wrong = 0;
    REGO_CHECK(pthread_create(&threads[i], NULL, ask, &askers[i]) == 0);
  }
  for (i = 0; i < 4; ++i) {
    pthread_join(threads[i], NULL);
    REGO_CHECK(askers[i].wrong == 0);
  }
  rego_query_free(q);
}

struct endless {
  rego_evaluator* evaluator;
  const rego_query* query;
  rego_status status;
  int done;
  pthread_mutex_t lock;
};

static void* run_endless(void* in) {
  struct endless* me = in;
  rego_answer a;
  me->status = rego_evaluate(me->evaluator, me->query, data, NULL, 0, NULL, &a);
  REGO_CHECK(a.errors != NULL && strstr(a.errors, "cancelled") != NULL);
  pthread_mutex_lock(&me->lock);
  me->done = 1;
  pthread_mutex_unlock(&me->lock);
  return NULL;
}

/* Asked again and again, as one that comes before the evaluation is lost. */
static void ends_when_another_thread_asks(void) {
  struct endless it = {0};
  rego_query* q = query_of("data.t.slow", 0);
  pthread_t thread;
  int done = 0;
  it.evaluator = rego_evaluator_new();
  it.query = q;
  pthread_mutex_init(&it.lock, NULL);
  REGO_CHECK(pthread_create(&thread, NULL, run_endless, &it) == 0);
  while (!done) {
    rego_cancel(it.evaluator);
    pthread_mutex_lock(&it.lock);
    done = it.done;
    pthread_mutex_unlock(&it.lock);
  }
  pthread_join(thread, NULL);
  REGO_CHECK(it.status == REGO_ERROR);
  pthread_mutex_destroy(&it.lock);
  rego_evaluator_free(it.evaluator);
  rego_query_free(q);
}

static void a_query_keeps_its_policy(void) {
  rego_evaluator* e = rego_evaluator_new();
  rego_query* q = query_of("data.t.allow", 0);
  rego_answer a;
  rego_policy_free(policy);
  policy = NULL;
  REGO_CHECK(rego_evaluate(e, q, data, NULL, 0, NULL, &a) == REGO_DEFINED);
  REGO_CHECK(strcmp(a.result, "false") == 0);
  rego_query_free(q);
  rego_evaluator_free(e);
  rego_policy_free(NULL);
}

int main(void) {
  REGO_CHECK(strlen(rego_version()) > 0);
  set_up();
  answers_with_documents_and_result_sets();
  says_what_is_wrong();
  shares_a_query_between_threads();
  ends_when_another_thread_asks();
  a_query_keeps_its_policy();
  rego_data_free(data);
  if (failures == 0)
    puts("the interface for C: no errors");
  return failures != 0;
}
