/* client.h - what the clients of the primitives share.
 *
 * A client is a small program that uses one primitive in every way it promises, for cordon-check to
 * explore: its threads' functions, and a check of what must hold when they have ended. Its first lines
 * say in which variants it is compiled, and with which sources of the library:
 *
 *     variants: -DCASE=1 | -DCASE=2
 *     sources: mutex.c wait.c
 */
#ifndef CORDON_CLIENT_H
#define CORDON_CLIENT_H

#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static inline void *client_call(void *part)
{
    (*(void (**)(void))part)();
    return NULL;
}

/* client_run - each part in a thread of its own, to its end. */
static inline void client_run(void (**parts)(void), int count)
{
    pthread_t thread[8];
    for (int i = 0; i < count; ++i) {
        pthread_create(&thread[i], NULL, client_call, &parts[i]);
    }
    for (int i = 0; i < count; ++i) {
        pthread_join(thread[i], NULL);
    }
}

#define CLIENT(check, ...)                                      \
    int main(void)                                              \
    {                                                           \
        static void (*parts[])(void) = {__VA_ARGS__};           \
        client_run(parts, (int)(sizeof parts / sizeof *parts)); \
        check();                                                \
        return 0;                                               \
    }

#endif
