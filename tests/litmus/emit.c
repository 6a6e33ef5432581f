/* emit.c - the C code of a test, for the checks of what compilers make of it: litmus_emit FILE. */
#include "run/batch.h"

int main(int argc, char **argv)
{
    struct litmus_error error;
    struct litmus_test *test = argc == 2 ? litmus_read(argv[1], &error) : NULL;
    if (test == NULL) {
        if (argc == 2) {
            litmus_report(stderr, argv[1], &error);
        }
        return 2;
    }
    litmus_emit(stdout, test);
    litmus_free(test);
    return 0;
}
