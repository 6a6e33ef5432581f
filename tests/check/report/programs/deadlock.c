// Two mutexes, taken in either order. Told must be:
//: deadlock: T[12] waits, and no thread can go on
//: T0 waits at deadlock\.c:[0-9]+ in pthread_join for T1 to end\.
//: T1 waits at deadlock\.c:[0-9]+ in pthread_mutex_lock for `bank\.second`, last changed by T2's pthread_mutex_lock at deadlock\.c:[0-9]+ \([0-9]+\)\.
//: T2 waits at deadlock\.c:[0-9]+ in pthread_mutex_lock for `bank\.first`, last changed by T1's
//: pthread_mutex_lock bank\.first: waits
#include <pthread.h>
#include <stddef.h>
static struct { pthread_mutex_t first, second; int count; } bank;
static void *forth(void *unused)
{
    pthread_mutex_lock(&bank.first);
    pthread_mutex_lock(&bank.second);
    ++bank.count;
    pthread_mutex_unlock(&bank.second);
    pthread_mutex_unlock(&bank.first);
    return unused;
}
static void *back(void *unused)
{
    pthread_mutex_lock(&bank.second);
    pthread_mutex_lock(&bank.first);
    ++bank.count;
    pthread_mutex_unlock(&bank.first);
    pthread_mutex_unlock(&bank.second);
    return unused;
}
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, forth, NULL);
    pthread_create(&b, NULL, back, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}
