/* expect: verified, 2 executions */
/* Every way to allocate, and to copy; what the library writes is undone with the rest. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[64];
static int numbers[4];

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void *thread(void *argument)
{
    char *block = malloc(10), *copy, *made;
    int *zeroes = calloc(5, sizeof *zeroes);
    void *aligned;
    strcpy(block, "abc");
    block = realloc(block, 100);
    assert(strcmp(block, "abc") == 0 && malloc_usable_size(block) >= 100);
    copy = strdup(block);
    assert(strlen(copy) == 3 && memcmp(copy, block, 4) == 0 && strchr(copy, 'b') == copy + 1);
    assert(zeroes[0] + zeroes[4] == 0);
    assert(posix_memalign(&aligned, 256, 512) == 0 && (uintptr_t)aligned % 256 == 0);
    memset(aligned, 1, 512);
    free(aligned);
    aligned = aligned_alloc(64, 64);
    assert((uintptr_t)aligned % 64 == 0);
    free(aligned);
    /* Not by name: compilers know that a block that nobody uses can be had. */
    void *(*volatile allocate)(size_t, size_t) = calloc;
    assert(allocate(SIZE_MAX / 2, 4) == NULL && errno == ENOMEM);
    assert(asprintf(&made, "%s-%d", copy, 7) == 5 && strcmp(made, "abc-7") == 0);
    pthread_mutex_lock(&mutex);
    const size_t length = strlen(text);
    assert(length == 0 || strcmp(text, argument == NULL ? "[11]" : "[10]") == 0);
    snprintf(text + length, sizeof text - length, "[%d%d]", 1, argument != NULL);
    numbers[1] = 9 - 8 * (argument != NULL);
    numbers[3] = -5;
    qsort(numbers, 4, sizeof *numbers, compare);
    assert(numbers[0] == -5);
    pthread_mutex_unlock(&mutex);
    printf("%s %p\n", text, (void *)text);
    char *end;
    assert(strtol(made + 4, &end, 10) == 7 && *end == '\0');
    free(made);
    free(copy);
    free(block);
    free(zeroes);
    free(NULL);
    return NULL;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, thread, &other);
    thread(NULL);
    pthread_join(other, NULL);
    assert(strlen(text) == 8);
    return 0;
}
