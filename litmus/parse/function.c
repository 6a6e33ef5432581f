/* function.c - what a body may call, and with which memory orders. */
#include "parser.h"

#include <string.h>

/* Memory orders. */

static const char *const order_names[] = {"memory_order_relaxed", "memory_order_consume",
                                          "memory_order_acquire", "memory_order_release",
                                          "memory_order_acq_rel", "memory_order_seq_cst"};

const char *litmus_order_name(enum litmus_order order)
{
    return order == LITMUS_PLAIN ? "plain" : order_names[order];
}

enum litmus_order parser_order(struct parser *parser, int access, const char *what)
{
    const struct token token = parser->token;
    for (unsigned order = LITMUS_RELAXED; order <= LITMUS_SEQ_CST; ++order) {
        if (!parser_accept_word(parser, order_names[order])) {
            continue;
        }
        if ((access == PARSER_LOADS && (order == LITMUS_RELEASE || order == LITMUS_ACQ_REL)) ||
            (access == PARSER_STORES &&
             (order == LITMUS_CONSUME || order == LITMUS_ACQUIRE || order == LITMUS_ACQ_REL))) {
            parser_fail(parser, token.place, "%s cannot be %s", what, order_names[order]);
        }
        return (enum litmus_order)order;
    }
    parser_expected(parser, "a memory order",
                    "memory_order_relaxed, _consume, _acquire, _release, _acq_rel or _seq_cst");
}

/* Functions. */

static const struct parser_function functions[] = {
    {"atomic_load", CALL_LOAD, LITMUS_EXCHANGE, false},
    {"atomic_store", CALL_STORE, LITMUS_EXCHANGE, false},
    {"atomic_init", CALL_INIT, LITMUS_EXCHANGE, false},
    {"atomic_exchange", CALL_RMW, LITMUS_EXCHANGE, false},
    {"atomic_fetch_add", CALL_RMW, LITMUS_ADD, false},
    {"atomic_fetch_sub", CALL_RMW, LITMUS_SUBTRACT, false},
    {"atomic_fetch_or", CALL_RMW, LITMUS_OR, false},
    {"atomic_fetch_and", CALL_RMW, LITMUS_AND, false},
    {"atomic_fetch_xor", CALL_RMW, LITMUS_XOR, false},
    {"atomic_compare_exchange_strong", CALL_CAS, LITMUS_EXCHANGE, false},
    {"atomic_compare_exchange_weak", CALL_CAS, LITMUS_EXCHANGE, true},
    {"atomic_flag_test_and_set", CALL_TEST_AND_SET, LITMUS_EXCHANGE, false},
    {"atomic_flag_clear", CALL_CLEAR, LITMUS_EXCHANGE, false},
    {"atomic_thread_fence", CALL_FENCE, LITMUS_EXCHANGE, false},
    {"atomic_signal_fence", CALL_SIGNAL_FENCE, LITMUS_EXCHANGE, false},
};

const struct parser_function *parser_function(struct parser *parser, const char *name,
                                              struct litmus_place place, bool *is_explicit)
{
    static const char suffix[] = "_explicit";
    static const char *const kernel[] = {
        "READ_ONCE",  "WRITE_ONCE", "smp_",        "spin_",
        "mutex_",     "rcu_",       "srcu_",       "synchronize_rcu",
        "xchg",       "cmpxchg",    "atomic_read", "atomic_set",
        "atomic_inc", "atomic_dec", "atomic_xchg", "atomic_cmpxchg"};
    size_t length = strlen(name);
    *is_explicit =
        length > sizeof suffix && strcmp(name + length - (sizeof suffix - 1), suffix) == 0;
    length -= *is_explicit ? sizeof suffix - 1 : 0;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
        if (strncmp(functions[i].name, name, length) == 0 && functions[i].name[length] == '\0' &&
            !(*is_explicit &&
              (functions[i].call == CALL_FENCE || functions[i].call == CALL_SIGNAL_FENCE ||
               functions[i].call == CALL_INIT))) {
            return &functions[i];
        }
    }
    for (size_t i = 0; i < sizeof kernel / sizeof *kernel; ++i) {
        if (strncmp(name, kernel[i], strlen(kernel[i])) == 0) {
            parser_fail(parser, place,
                        "'%s' is the Linux kernel's, whose dialect is not supported; C11's is",
                        name);
        }
    }
    parser_fail(
        parser, place,
        "unknown function '%s' (known: atomic_thread_fence, _signal_fence, _init; atomic_load, "
        "_store, _exchange, _fetch_add, _sub, _or, _and, _xor, _compare_exchange_strong, _weak, "
        "_flag_test_and_set, _flag_clear, each with or without _explicit)",
        name);
}
