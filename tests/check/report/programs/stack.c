// A stack that frees a node while somebody else still looks at it. Told must be:
//: use after free: access to a block of 16 bytes after it was freed
//: in pop, called at stack\.c:[0-9]+ in popper
//: > +[0-9]+ stack\.c:[0-9]+ \. +(\. +)?free node#2
//: > +[0-9]+ stack\.c:[0-9]+ \. +(\. +)?plain read node#2\.next
//: cas acquire top &node#2 -> &node#1
//: node#1: heap block of 16 bytes from [^ ]*stack\.c:[0-9]+
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
struct node { struct node *next; int value; };
static _Atomic(struct node *) top;
static void push(int value)
{
    struct node *node = malloc(sizeof *node);
    node->value = value;
    struct node *old = atomic_load_explicit(&top, memory_order_relaxed);
    do {
        node->next = old;
    } while (!atomic_compare_exchange_strong_explicit(&top, &old, node, memory_order_release, memory_order_relaxed));
}
static int pop(void)
{
    struct node *node = atomic_load_explicit(&top, memory_order_acquire);
    while (node != NULL) {
        struct node *next = node->next;
        if (atomic_compare_exchange_strong_explicit(&top, &node, next, memory_order_acquire, memory_order_acquire)) {
            int value = node->value;
            free(node);
            return value;
        }
    }
    return -1;
}
static void *popper(void *unused) { pop(); return unused; }
int main(void)
{
    pthread_t a, b;
    push(1);
    push(2);
    pthread_create(&a, NULL, popper, NULL);
    pthread_create(&b, NULL, popper, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}
