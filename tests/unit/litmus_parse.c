/* Units of litmus/parse: what is understood, and what is refused, where, and in which words. */
#include "parse/test.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static struct litmus_test *parse(const char *text)
{
    struct litmus_error error;
    struct litmus_test *test = litmus_parse(text, strlen(text), &error);
    cr_assert_not_null(test, "%u:%u: %s", error.place.line, error.place.column, error.text);
    return test;
}

/* The text is refused at that place, with a message that begins so. */
static void refuse(const char *text, unsigned line, unsigned column, const char *message)
{
    struct litmus_error error;
    struct litmus_test *test = litmus_parse(text, strlen(text), &error);
    cr_assert_null(test, "accepted: %s", text);
    cr_expect_eq(error.place.line, line, "line %u: %s", error.place.line, error.text);
    cr_expect_eq(error.place.column, column, "column %u: %s", error.place.column, error.text);
    cr_expect_eq(strncmp(error.text, message, strlen(message)), 0, "%s", error.text);
}

static const char everything[] =
    "(* before *)\n"
    "C SB+every-thing\n"
    "\"a \n doc\" // after it\n"
    "C11=allowed\n"
    "Why = because \r\n"
    "/* in between */ TSO=forbidden\n"
    "{ x=1; [y]=-2; int z = 0x10; atomic_int w; 1:r9=7; ; }\n"
    "P0 (atomic_int* x, volatile int* y, _Atomic(int) *w, volatile _Atomic int *v) {\n"
    "  int r0 = atomic_load_explicit(x, memory_order_acquire), r1;\n"
    "  atomic_store(w, r0 + 2 * 3 == 6 && !(r0 < 1)); (* spaced *)\n"
    "  *y = (*x) - -1;\n"
    "  r1 = atomic_exchange_explicit(x, 1, memory_order_acq_rel);\n"
    "  int r2 = 5;\n"
    "  int r3 = atomic_compare_exchange_weak_explicit(w, &r2, 4, memory_order_seq_cst,\n"
    "                                                 memory_order_relaxed);\n"
    "  if (r3) { int r4 = 1; *v = r4; } else if (r2) *y = 3; else { int r4 = 2; }\n"
    "  atomic_thread_fence(memory_order_release);\n"
    "}\n"
    "(*tight*)\n"
    "P1 (atomic_int* x, int* z) {\n"
    "  atomic_fetch_add_explicit(x, 1, memory_order_relaxed);\n"
    "  int r0 = atomic_compare_exchange_strong(x, z, r9);\n"
    "}\n"
    "locations [y; 0:r4;]\n"
    "~exists (1:r0=1 /\\ (x=2 \\/ ~([w]=3)) /\\ not (0:r0=-1))\n";

Test(litmus_parse, the_whole_language)
{
    struct litmus_test *test = parse(everything);
    cr_assert_str_eq(test->name, "SB+every-thing");
    cr_assert_str_eq(test->doc, "a doc");
    cr_assert_str_eq(litmus_get(test, "C11"), "allowed");
    cr_assert_str_eq(litmus_get(test, "Why"), "because");
    cr_assert_null(litmus_get(test, "Who"));
    cr_assert_eq(test->thread_count, 2);
    cr_assert_eq(test->location_count, 5);
    cr_assert_eq(test->location[1].initial, -2);
    cr_assert_eq(test->location[2].initial, 16);
    const struct litmus_thread *p0 = &test->thread[0], *p1 = &test->thread[1];
    cr_assert_eq(p0->parameter_count, 4);
    cr_assert(p0->parameter[1].is_volatile && !p0->parameter[1].is_atomic);
    cr_assert(p0->parameter[3].is_volatile && p0->parameter[3].is_atomic);
    cr_assert_eq(p0->register_count, 5); /* both r4 are one register */
    cr_assert_eq(p1->reg[0].initial, 7);
    cr_assert_eq(test->quantifier, LITMUS_NOT_EXISTS);
    litmus_free(test);
}

Test(litmus_parse, the_tree_is_what_was_written)
{
    struct litmus_test *test = parse(everything);
    const struct litmus_statement *s = test->thread[0].body;
    cr_assert_eq(s->kind, LITMUS_ASSIGN);
    cr_assert_eq(s->expression->kind, LITMUS_LOAD);
    cr_assert_eq(s->expression->order, LITMUS_ACQUIRE);
    s = s->next; /* atomic_store: && over == over + over * */
    cr_assert_eq(s->kind, LITMUS_STORE);
    cr_assert_eq(s->order, LITMUS_SEQ_CST);
    cr_assert_eq(s->expression->operator, LITMUS_AND_THEN);
    cr_assert_eq(s->expression->left->operator, LITMUS_EQUAL);
    cr_assert_eq(s->expression->left->left->right->operator, LITMUS_MULTIPLY);
    s = s->next; /* a plain store of a dereferenced atomic */
    cr_assert_eq(s->order, LITMUS_PLAIN);
    cr_assert_eq(s->expression->left->order, LITMUS_SEQ_CST);
    s = s->next->next->next; /* the compare-exchange */
    cr_assert_eq(s->expression->kind, LITMUS_CAS);
    cr_assert(s->expression->weak);
    cr_assert_eq(s->expression->expected_location, LITMUS_NOWHERE);
    cr_assert_eq(s->expression->failure_order, LITMUS_RELAXED);
    s = s->next;
    cr_assert_eq(s->kind, LITMUS_IF);
    cr_assert_eq(s->otherwise->kind, LITMUS_IF);
    cr_assert_eq(s->next->kind, LITMUS_FENCE);
    cr_assert_null(s->next->next);
    s = test->thread[1].body;
    cr_assert_eq(s->kind, LITMUS_EVALUATE);
    cr_assert_eq(s->next->expression->expected_location, 2);
    litmus_free(test);
}

Test(litmus_parse, observed_are_sorted_and_the_condition_follows)
{
    static const char *const names[] = {"0:r0", "0:r4", "1:r0", "[w]", "[x]", "[y]"};
    struct litmus_test *test = parse(everything);
    cr_assert_eq(test->observed_count, 6);
    for (unsigned i = 0; i < 6; ++i) {
        cr_assert_str_eq(test->observed[i].name, names[i]);
    }
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    litmus_print_condition(stream, test);
    fclose(stream);
    cr_assert_str_eq(text, "~exists (1:r0=1 /\\ ([x]=2 \\/ not ([w]=3)) /\\ not (0:r0=-1))");
    free(text);
    litmus_free(test);
}

Test(litmus_parse, a_byte_order_mark_is_skipped)
{
    litmus_free(parse("\xef\xbb\xbf"
                      "C t\n{}\nP0(atomic_int*x){}\nforall(true)"));
}

Test(litmus_parse, header)
{
    refuse("", 1, 1, "the file is empty");
    refuse("(* only this *) \n", 2, 1, "the file is empty");
    refuse("(* only this", 1, 1, "this comment never ends");
    refuse("PPC SB\n", 1, 1,
           "expected 'C NAME', or X86, X86_64, AArch64 or RISCV, found 'PPC' (herd's other");
    refuse("C\n{}", 1, 2, "expected the test's name");
    refuse("C a b\n", 1, 3, "the test's name must be one word");
    refuse("C a/b\n", 1, 3, "the test's name must be one word");
    refuse("C t\n\"never", 2, 1, "this string never ends");
    refuse("C t\nfoo\n{}", 2, 1, "expected '{' and the initial state, found 'foo'");
    refuse("C t\nC11=maybe\n{}", 2, 5, "expected C11=allowed or C11=forbidden, found 'maybe'");
    refuse("C t\nA=b\x1b[2J\n{}", 2, 3, "a control character (0x1b)");
    refuse("C t\n\"b\x1b[2J\"\n{}", 2, 1, "a control character (0x1b)");
    refuse("C t\nA=1\nA=2\n{}", 3, 1, "'A' is given twice");
    refuse("C t\n", 2, 1, "expected '{' and the initial state, found the end of the file");
}

Test(litmus_parse, initial_state)
{
    refuse("C t\n{ x }", 2, 5, "expected '=' and the initial value, found '}'");
    refuse("C t\n{ x=1z; }", 2, 5, "expected an integer, found '1z'");
    refuse("C t\n{ x=1 y=2 }", 2, 7, "expected ';' or '}' in the initial state, found 'y'");
    refuse("C t\n{ x=1;\n  [x]=2; }", 3, 4, "location 'x' is declared twice (first at line 2)");
    refuse("C t\n{ double x; }", 2, 3, "expected a type such as int or atomic_int, found 'double'");
    refuse("C t\n{ u64 x; }", 2, 3, "expected a type such as int or atomic_int, found 'u64' (that");
    refuse("C t\n{ node *x; }", 2, 3, "expected a type such as int or atomic_int, found 'node'");
    refuse("C t\n{ x[2]; }", 2, 3, "an array is declared with its type");
    refuse("C t\n{ int x[]; }", 2, 9, "expected the number of elements");
    refuse("C t\n{ int x[0]; }", 2, 9, "an array has at least one element");
    refuse("C t\n{ int x[33]; }", 2, 9, "more than 32 locations");
    refuse("C t\n{ int x[2]={1,2,3}; }", 2, 17, "more values than elements");
    refuse("C t\n{ int x[2]=1; }", 2, 12, "expected '{' and the elements' values, found '1'");
    refuse("C t\n{ x=; }", 2, 5, "expected an integer, found ';'");
    refuse("C t\n{ 0:r=1; 0:r=2; }", 2, 10, "0:r is initialised twice");
#define P0 "\nP0(int*x){}\nforall(true)"
    refuse("C t\n{ 3:r=1; }" P0, 2, 3, "there is no thread P3");
    refuse("C t\n{ int x=2147483648; }" P0, 2, 9, "2147483648 does not fit an int");
    refuse("C t\n{ x=2147483648; }" P0, 2, 5, "2147483648 does not fit an int");
    refuse("C t\n{ x=18446744073709551616; }" P0, 2, 5,
           "18446744073709551616 does not fit 64 bits");
    refuse("C t\n{ uint8_t z=256; }" P0, 2, 13, "256 does not fit uint8_t");
    refuse("C t\n{ uint8_t z=-129; }" P0, 2, 13, "-129 does not fit uint8_t");
    refuse("C t\n{ _Bool z=2; }" P0, 2, 11, "2 does not fit _Bool");
    refuse("C t\n{ long x; }" P0, 3, 8, "'x' is int here, but int64_t at line 2");
    refuse("C t\n{ x=&y; }" P0, 2, 5, "'x' holds an address, but is int");
    refuse("C t\n{ z=&y; }" P0, 2, 5, "unknown location 'y'");
    refuse("C t\n{ int a[2]; z=a[2]; }" P0, 2, 15, "'a' has no element 2");
    refuse("C t\n{ int *z=5; }" P0, 2, 10,
           "'z' is a pointer: expected the name of a location, or 0");
    refuse("C t\n{ int 0:r=x; }" P0, 2, 11, "0:r holds an address, but is int");
#undef P0
    litmus_free(parse("C t\n{ x=-2147483648; }\nP0(int*x){}\nforall(true)"));
}

/* The body of P0, which stands in line 3. */
static void refuse_body(const char *body, unsigned column, const char *message)
{
    char text[512];
    snprintf(text, sizeof text, "C t\n{ z=0; }\n%s\nexists (x=1)\n", body);
    refuse(text, 3, column, message);
}

Test(litmus_parse, threads)
{
    refuse_body("P1 (int* x) {}", 1, "expected thread P0, found 'P1'");
    refuse_body("P0 (int x) {}", 9, "expected '*': locations are passed by their address");
    refuse_body("P0 (int* x, int* x) {}", 18, "parameter 'x' is given twice");
    refuse_body("P0 (float* x) {}", 5, "expected a type such as int or atomic_int, found 'float'");
    refuse_body("P0 (struct s* x) {}", 5,
                "expected a parameter such as atomic_int* x, found 'struct'");
    refuse_body("P0 (long int long long* x) {}", 19, "expected '*': locations are passed");
    refuse_body("P0 (int* x) { *x = 1 }", 22, "expected ';' after the store, found '}'");
    refuse_body("P0 (int* x) { *y = 1; }", 16, "unknown location 'y'");
    refuse_body("P0 (int* x) { *z = 1; }", 16, "'z' is no parameter of P0 (add it");
    refuse_body("P0 (int* x) { x = 1; }", 15, "expected a register, found the pointer 'x'");
    refuse_body("P0 (int* x) { int x = 1; }", 19, "'x' is a parameter of P0");
    refuse_body("P0 (int* x) { int if = 1; }", 19, "expected the name of a register, found 'if'");
    refuse_body("P0 (int* x) { r = 1; }", 15, "unknown register 'r'");
    refuse_body("P0 (int* x) { int r; int r; }", 26, "register 'r' is declared twice");
    refuse_body("P0 (int* x) { if (1) { int r; } r = 1; }", 33, "unknown register 'r'");
    refuse_body("P0 (int* x) { goto end; }", 15, "'goto' is not supported");
    refuse_body("P0 (int* x) { end: *x = 1; }", 15, "labels are not supported");
    refuse_body("P0 (int* x) { break; }", 15, "'break' stands in no loop");
    refuse_body("P0 (int* x) { do { } }", 22, "expected while after the body of do, found '}'");
    refuse_body("P0 (int* x) { void r; }", 15, "registers are integers or pointers");
    refuse_body("P0 (int* x) { atomic_int r; }", 26, "register 'r' is local to its thread");
    refuse_body("P0 (int* x) { int r[2]; }", 20, "arrays are locations");
    refuse_body("P0 (int* x) { int r = 1 / 0; }", 25, "division could trap");
    refuse_body("P0 (int* x) { int r = *x % *x; }", 26, "division could trap");
    refuse_body("P0 (int* x) { 1 = 2; }", 15, "expected a statement or '}', found '1'");
    refuse_body("P0 (int* x) { (1) = 2; }", 15, "expected a register or a location to assign to");
    refuse_body("P0 (int* x) { int r; r; }", 23, "expected '=' and the register's new value");
    refuse("C t\n{}\nP0 (int* x) {\nexists (x=1)", 4, 1,
           "expected a statement or '}', found 'exists' (the thread's body has not ended)");
}

Test(litmus_parse, addresses)
{
    refuse_body("P0 (int* x) { int r = x; }", 23,
                "expected int, found the address of 'x' (its value is *x)");
    refuse_body("P0 (int** x) { int r = *x; }", 24,
                "expected int, found an address (what holds it is to be int *)");
    refuse_body("P0 (int* x) { int *r = 1; }", 24, "expected an address (int *), found int");
    refuse_body("P0 (int* x) { int r = *x; *r = 1; }", 28,
                "expected a pointer to a location, found 'r'");
    refuse_body("P0 (int* x) { int r = x[1]; }", 25, "'x' is one location, without neighbours");
    refuse_body("P0 (int* x) { int* r = &x; }", 24, "'x' is its location's address already");
    refuse_body("P0 (int* x) { int r; int* p = &r; }", 31, "expected a location after '&'");
    refuse_body("P0 (int* x) { int* r = x ^ x; }", 26, "'^' of an address");
    refuse_body("P0 (int* x) { int r = (int)x; }", 23, "an address does not fit int");
    refuse_body("P0 (int* x) { int* r = (int*)5; }", 24, "int holds no address");
    refuse_body("P0 (int* x) { int r = 1; r[0] = 2; }", 26, "expected a pointer to a location");
    refuse_body("P0 (int** x) { **x += 1; }", 16, "'+=' would compute this address twice");
    refuse("C t\n{ int a[2]; }\nP0 (int* a) { int r = a[2]; }\nexists (a=1)", 3, 25,
           "a has no element 2: it has 2");
    refuse("C t\n{ int a[2]; }\nP0 (int* a) { int r = *(a - 1); }\nexists (a=1)", 3, 29,
           "a has no element -1");
    refuse("C t\n{ int a[2]; }\nP0 (int* a) { }\nexists (a=1)", 4, 11,
           "expected '{' and the values of its elements, for this is an array, found '1'");
    refuse("C t\n{ int a[2]; }\nP0 (int* a) { }\nexists (a[2]=1)", 4, 11, "a has no element 2");
    refuse("C t\n{}\nP0 (int** p) { }\nexists (p=1)", 4, 11, "[p] is a pointer");
    refuse("C t\n{}\nP0 (int** p) { }\nexists (p=q)", 4, 11, "unknown location 'q'");
}

Test(litmus_parse, what_stands_at_a_known_place_names_it)
{
    struct litmus_test *test = parse("C t\n{ int a[3]; b = a[1]; }\n"
                                     "P0 (int* a, int** b) { a[1] = 1; *(1 + a) = 2; *&a[2] = 3; "
                                     "int r = 0; a[r] = 4; **b = 5; }\n"
                                     "forall (a[1]=2 \\/ b=a[1])");
    const struct litmus_statement *s = test->thread[0].body;
    cr_assert_eq(test->features, LITMUS_HAS_ARRAYS | LITMUS_HAS_POINTERS);
    cr_assert_eq(test->location_count, 4);
    cr_assert_str_eq(test->location[1].name, "a[1]");
    cr_assert_eq(test->location[3].initial, LITMUS_ADDRESS(1));
    cr_expect_eq(s->location, 1);
    cr_expect_eq(s->next->location, 1);
    cr_expect_eq(s->next->next->location, 2);
    s = s->next->next->next->next;
    cr_assert_eq(s->location, LITMUS_NOWHERE);
    cr_assert_eq(s->address->operator, LITMUS_ADD);
    cr_assert_eq(s->address->left->location, 0);
    cr_assert_eq(s->next->address->kind, LITMUS_LOAD);
    cr_assert_str_eq(test->observed[0].name, "[b]");
    cr_assert_str_eq(test->observed[1].name, "a[1]");
    litmus_free(test);
}

Test(litmus_parse, types_of_one_size_are_one)
{
    struct litmus_test *test = parse(
        "C t\n{ long a; unsigned long long int b; }\n"
        "P0 (_Atomic(int64_t)* a, volatile size_t* b, atomic_uchar* c, short unsigned int* d,\n"
        "    _Atomic(atomic_int *)* e) { int r = 1ul + 0xffffffff; }\nforall (true)");
    static const char *const names[] = {"int64_t", "uint64_t", "uint8_t", "uint16_t"};
    for (unsigned i = 0; i < 4; ++i) {
        cr_expect_str_eq(test->location[i].type->name, names[i]);
    }
    cr_assert(test->thread[0].parameter[0].is_atomic && test->thread[0].parameter[2].is_atomic);
    const struct litmus_type *e = test->location[4].type;
    cr_assert(e->is_atomic && e->target->is_atomic && litmus_is_int(e->target));
    const struct litmus_expression *sum = test->thread[0].body->expression;
    cr_assert_str_eq(sum->type->name, "uint64_t");
    cr_assert_str_eq(sum->right->type->name, "unsigned");
    litmus_free(test);
}

Test(litmus_parse, atomics)
{
    refuse_body("P0 (int* x) { int r = atomic_load(x); }", 35,
                "atomic_load needs an atomic location: 'x' is int* in P0");
    refuse_body("P0 (atomic_int* x) { atomic_store_explicit(x, 1, memory_order_acquire); }", 50,
                "a store cannot be memory_order_acquire");
    refuse_body("P0 (atomic_int* x) { int r = atomic_load_explicit(x, memory_order_release); }", 54,
                "a load cannot be memory_order_release");
    refuse_body("P0 (atomic_int* x) { int r = atomic_load_explicit(x, relaxed); }", 54,
                "expected a memory order, found 'relaxed'");
    refuse_body("P0 (atomic_int* x) { int r = atomic_store(x, 1); }", 30,
                "atomic_store has no value");
    refuse_body("P0 (atomic_int* x) { READ_ONCE(*x); }", 22, "'READ_ONCE' is the Linux kernel's");
    refuse_body("P0 (atomic_int* x) { atomic_thread_fence_explicit(memory_order_seq_cst); }", 22,
                "unknown function 'atomic_thread_fence_explicit'");
    refuse_body("P0 (atomic_int* x) { atomic_compare_exchange_weak(x, x, 1); }", 54,
                "the expected value cannot be kept in 'x' itself");
}

Test(litmus_parse, conditions)
{
#define FRAME "C t\n{}\nP0 (atomic_int* x) { int r0 = atomic_load(x); }\n"
    refuse(FRAME, 4, 1, "expected exists, ~exists or forall and a condition");
    refuse(FRAME "exists (0:r1=1)", 4, 11, "P0 has no register 'r1'");
    refuse(FRAME "exists (1:r0=1)", 4, 9, "there is no thread P1");
    refuse(FRAME "exists (y=1)", 4, 9, "unknown location 'y'");
    refuse(FRAME "exists (x=0:r0)", 4, 12, "two registers cannot be compared");
    refuse(FRAME "exists (x=x)", 4, 11, "expected an integer, found 'x' (two places");
    refuse(FRAME "exists (x<1)", 4, 10, "expected '=' or '!=' and a value, found '<'");
    refuse(FRAME "exists (x=1", 4, 12, "expected ')', /\\ or \\/, found the end of the file");
    refuse(FRAME "exists (x=1) y", 4, 14, "expected /\\, \\/ or the end of the file");
    refuse(FRAME "~forall (x=1)", 4, 2, "expected exists after ~");
    refuse(FRAME "filter (x=1)", 4, 13, "expected exists, ~exists or forall and a condition");
    refuse(FRAME "observed x;", 4, 1, "'observed' is not supported");
    refuse(FRAME "exists (x=2147483648)", 4, 11, "2147483648 does not fit an int");
    refuse(FRAME "locations [x 0:r0]", 4, 14, "expected ';' or ']', found '0'");
}

/* `part` over and over between two ends. */
static char *repeat(const char *before, const char *part, size_t count, const char *after)
{
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    fputs(before, stream);
    for (size_t i = 0; i < count; ++i) {
        fputs(part, stream);
    }
    fputs(after, stream);
    fclose(stream);
    return text;
}

static void refuse_repeated(const char *before, const char *part, size_t count, const char *message)
{
    struct litmus_error error;
    char *text = repeat(before, part, count, "");
    cr_assert_null(litmus_parse(text, strlen(text), &error));
    cr_expect_not_null(strstr(error.text, message), "%s", error.text);
    free(text);
}

Test(litmus_parse, limits)
{
    static const char body[] = "C t\n{}\nP0 (int* x) { int r = ";
    refuse_repeated("", "a", LITMUS_MOST_BYTES + 1, "larger than 1024 KiB");
    refuse_repeated(body, "(", 100000, "nested deeper than 64");
    refuse_repeated(body, "- ", 100000, "nested deeper than 64");
    refuse_repeated(body, "1+", 100000, "nested deeper than 64");
    refuse_repeated("C t\n{}\nP0 (int* x) {", "{", 100000, "nested deeper than 64");
    refuse_repeated("C t\n{}\nP0 (int* x) {", "if(1)", 100000, "nested deeper than 64");
    refuse_repeated("C t\n{}\nP0 (int* x) {", "*x=1;", 100000, "more than 1000 statements");
    refuse_repeated(FRAME "exists ", "~", 100000, "nested deeper than 64");
    refuse_repeated(FRAME "exists ", "(", 100000, "nested deeper than 64");
    refuse_repeated(FRAME "exists true", "/\\true", 100000, "nested deeper than 64");
    refuse_repeated("C ", "a", 100000, "longer than 63");
    refuse_repeated("C t\n{ x", "x", 100000, "longer than 63");
}

Test(litmus_parse, binary_is_said_to_be_so)
{
    static const char text[] = "C t\n{\0}";
    struct litmus_error error;
    cr_assert_null(litmus_parse(text, sizeof text, &error));
    cr_assert_str_eq(error.text, "binary data, not a litmus test");
    refuse("C t\n\x80", 2, 1, "expected '{' and the initial state, found the byte 0x80");
}

Test(litmus_parse, every_truncation_is_refused_in_one_line)
{
    struct litmus_error error;
    const size_t whole = strlen(everything);
    for (size_t length = 0; length < whole - 2; ++length) {
        char *part = malloc(length + 1); /* exactly so long, for the sanitizers' sake */
        cr_assert_not_null(part);
        memcpy(part, everything, length);
        struct litmus_test *test = litmus_parse(part, length, &error);
        if (length > 20 && (strncmp(part + length - 3, ";]\n", 3) == 0 ||
                            strncmp(part + length - 2, ";]", 2) == 0)) {
            litmus_free(test); /* what is shown may be all there is */
            free(part);
            continue;
        }
        cr_assert_null(test, "the first %zu bytes", length);
        cr_assert_null(strchr(error.text, '\n'));
        free(part);
    }
}

Test(litmus_parse, files)
{
    struct litmus_error error;
    cr_assert_null(litmus_read("/nonexistent/t.litmus", &error));
    cr_assert_eq(error.place.line, 0);
    cr_assert_null(litmus_read("/", &error)); /* a directory */
    cr_assert_neq(error.text[0], '\0');
}
