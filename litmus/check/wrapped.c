/* wrapped.c - see wrapped.h */
#include "wrapped.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

const char *const wrapped_names[] = {
#define MODELLED(name)     #name,
#define REFUSED(name, why) #name,
#define RANDOM(name)       #name,
#include "wrapped.def"
    NULL};

/* Functions that depend on nothing but their arguments and write nothing but what they return, and
 * data that nobody changes. Names that end in '*' are beginnings.
 */
static const char *const harmless[] = {
    /* The runtime, and what linkers and compilers add. */
    "__tsan_*", "__wrap_*", "cordon_check_wait", "_ITM_*", "__gmon_start__", "__dso_handle",
    "__cxa_finalize", "__stack_chk_guard", "_GLOBAL_OFFSET_TABLE_", "_DYNAMIC",
    /* Characters and numbers. */
    "__ctype_*", "isalnum", "isalpha", "isdigit", "islower", "isprint", "isspace", "isupper",
    "isxdigit", "tolower", "toupper", "atoi", "atol", "atoll", "atof", "abs", "labs", "llabs",
    "div", "ldiv", "lldiv", "ffs", "ffsl", "ffsll", "htonl", "htons", "ntohl", "ntohs",
    "__popcountdi2", "__popcountsi2", "__udivti3", "__umodti3", "__divti3", "__modti3", "__multi3",
    "bsearch", "stdout", "stderr", "__fdelt_chk",
    /* Texts that nobody else writes. */
    "strcasecmp", "strncasecmp", "strspn", "strcspn", "strpbrk", "strerror", "strsignal",
    "rawmemchr", "memrchr", "memmem", "strchrnul",
    /* Mathematics, in the three precisions. */
    "sqrt", "sqrtf", "sqrtl", "pow", "powf", "powl", "exp", "expf", "expl", "exp2", "exp2f", "log",
    "logf", "logl", "log2", "log2f", "log10", "log10f", "sin", "sinf", "cos", "cosf", "tan", "tanf",
    "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "floor", "floorf", "floorl", "ceil",
    "ceilf", "ceill", "round", "roundf", "lround", "llround", "trunc", "truncf", "rint", "lrint",
    "nearbyint", "fabs", "fabsf", "fabsl", "fmod", "fmodf", "fmin", "fminf", "fmax", "fmaxf", "fma",
    "fmaf", "hypot", "cbrt", "ldexp", "scalbn", "ilogb", "logb", "copysign", "nextafter",
    /* setjmp alone fills the program's own buffer on the stack; longjmp is refused. */
    "setjmp", "_setjmp", "__sigsetjmp", "__pthread_unregister_cancel", "__pthread_unwind_next",
    /* C++: types, and exceptions, whose storage is ours (throw.c). */
    "_ZTI*", "_ZTS*", "_ZTV*", "_ZTh*", "__gxx_personality_v0", "__gcc_personality_v0",
    "_Unwind_Resume", "_Unwind_DeleteException", "__cxa_allocate_exception", "__cxa_free_exception",
    "__cxa_throw", "__cxa_rethrow", "__cxa_begin_catch", "__cxa_end_catch",
    "__cxa_get_exception_ptr", "__cxa_throw_bad_array_new_length", "__cxa_bad_cast",
    "__cxa_call_unexpected", "__cxa_call_terminate", "__cxa_init_primary_exception",
    "__dynamic_cast", "__cxa_demangle", "_ZSt*__throw_*", "_ZNSt9exceptionD*",
    "_ZNKSt9exception4whatEv", "_ZNSt9bad_allocD*", "_ZNSt9bad_allocC*", "_ZNSt11logic_errorC1EPKc",
    "_ZNSt11logic_errorD*", "_ZNSt11logic_errorC*RKNSt7__cxx1112basic_string*",
    "_ZNKSt11logic_error4whatEv", "_ZNSt13runtime_errorC*EPKc", "_ZNSt13runtime_errorD*",
    "_ZNSt13runtime_errorC*RKNSt7__cxx1112basic_string*", "_ZNKSt13runtime_error4whatEv",
    "_ZNSt12out_of_rangeC*PKc", "_ZNSt12out_of_rangeD*", "_ZNSt16invalid_argumentC*PKc",
    "_ZNSt16invalid_argumentD*", "_ZNSt12length_errorC*PKc", "_ZNSt12length_errorD*",
    "_ZNSt12domain_errorC*PKc", "_ZNSt12domain_errorD*", "_ZNSt11range_errorC*PKc",
    "_ZNSt11range_errorD*", "_ZNSt14overflow_errorC*PKc", "_ZNSt14overflow_errorD*",
    "_ZNSt15underflow_errorC*PKc", "_ZNSt15underflow_errorD*", "_ZSt7nothrow",
    "_ZSt15get_new_handlerv", "_ZSt18uncaught_exceptionv", "_ZSt19uncaught_exceptionsv",
    /* Empty allocators and base classes, and what only reads the containers. */
    "_ZNSaI*", "_ZNSt6thread6_StateD*", "_ZSt18_Rb_tree_incrementP*", "_ZSt18_Rb_tree_decrementP*",
    "_ZSt18_Rb_tree_incrementPK*", "_ZSt11_Hash_bytesPKvmm", "_ZSt15_Fnv_hash_bytesPKvmm",
    "_ZNSt10_Hash_impl*", "_ZSt15__once_callable", "_ZSt11__once_call", NULL};

/* What has a better answer than that nobody thought of it. */
static const struct {
    const char *pattern, *why;
} objections[] = {
    {"_ZSt4cout", "iostreams are not modelled: use printf, or leave the output out"},
    {"_ZSt4cerr", "iostreams are not modelled: use printf, or leave the output out"},
    {"_ZSt4clog", "iostreams are not modelled: use printf, or leave the output out"},
    {"_ZSt3cin", "iostreams are not modelled, nor is input"},
    {"_ZNSt8ios_base4InitC1Ev", "iostreams are not modelled: do not include <iostream>"},
    {"_ZNSo*", "iostreams are not modelled: use printf, or leave the output out"},
    {"_ZSt*ostream*", "iostreams are not modelled: use printf, or leave the output out"},
    {"_ZNSt7__cxx11*basic_*stream*", "string streams are not modelled"},
    {"_ZNSt7__cxx1112basic_string*",
     "code of std::string that is not instrumented: compile with -D_GLIBCXX_ASSERTIONS"},
    {"_ZNKSt7__cxx1112basic_string*",
     "code of std::string that is not instrumented: compile with -D_GLIBCXX_ASSERTIONS"},
    {"_ZNSt15__exception_ptr*", "exceptions that move between threads are not modelled"},
    {"_ZSt17current_exceptionv", "exceptions that move between threads are not modelled"},
    {"_ZSt17rethrow_exception*", "exceptions that move between threads are not modelled"},
    {"_ZNSt13__future_base*", "std::future and std::promise are not modelled"},
    {"_ZNSt13random_device*", "random numbers are not the same in every execution"},
    {"_ZNSt3__1*", "libc++ is not modelled: compile with -stdlib=libstdc++"},
    {"__asan_*", "compile without other sanitizers"},
    {"__ubsan_*", "compile without other sanitizers"},
    {"__msan_*", "compile without other sanitizers"},
    {"__overflow", "compile with -fno-builtin, so that putchar_unlocked is a call"},
};

/* '*' stands for anything. */
static bool matches(const char *pattern, const char *name)
{
    while (*pattern != '\0' && *pattern != '*') {
        if (*pattern++ != *name++) {
            return false;
        }
    }
    if (*pattern == '\0') {
        return *name == '\0';
    }
    for (;; ++name) {
        if (matches(pattern + 1, name)) {
            return true;
        }
        if (*name == '\0') {
            return false;
        }
    }
}

const char *symbol_objection(const char *name)
{
    if (*name == '\0') {
        return NULL;
    }
    for (size_t i = 0; harmless[i] != NULL; ++i) {
        if (matches(harmless[i], name)) {
            return NULL;
        }
    }
    for (size_t i = 0; i < sizeof objections / sizeof *objections; ++i) {
        if (matches(objections[i].pattern, name)) {
            return objections[i].why;
        }
    }
    return "it is not modelled";
}
