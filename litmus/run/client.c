/* client.c - a client on silicon.
 *
 * The engine asks of a client's code what it asks of a test's: threads that run over a batch, a reset
 * and a count. Here these call the client's functions, one instance after the other; that the compiler
 * cannot see through such a call keeps the instances apart.
 *
 * A client is somebody's first attempt at a lock. So it runs in a child process, which may crash; and
 * each of its threads counts its steps, so that one that comes to no end is noticed. What must survive
 * a crash is in memory that both processes share. The client is loaded before the fork: the texts of
 * its complaints are at the same place in both.
 */
#define _GNU_SOURCE
#include "client.h"

#include <cordon/cpu.h>

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* The client at hand; there is one at a time. */
static const struct cordon_litmus_client *client;
static unsigned client_bits;

/* What each of its threads writes, and others look at. */
enum phase { WAITING, INIT, THREAD, CHECK };
struct seat {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint64_t) rounds; /* parts begun */
    CORDON_ATOMIC(uint64_t) steps;                              /* of init and check */
    CORDON_ATOMIC(int) phase;
    struct client_complaint complaint[CLIENT_MOST_COMPLAINTS];
    bool wrong; /* this instance */
    unsigned index;
};
struct page {
    struct seat seat[CORDON_LITMUS_THREADS];
    CORDON_ALIGNED(CORDON_LINE) atomic_int stop;
};
static struct page *page;
static _Thread_local struct seat *me;

/* Released: whoever notices that nothing moves any more reads what was tallied before. */
static void step(CORDON_ATOMIC(uint64_t) * count)
{
    const uint64_t before = atomic_load_explicit(count, memory_order_relaxed);
    atomic_store_explicit(count, before + 1, memory_order_release);
}

static void enter_phase(enum phase phase)
{
    atomic_store_explicit(&me->phase, phase, memory_order_relaxed);
}

static bool is_same(const struct client_complaint *one, const char *file, int line,
                    const char *text)
{
    return one->line == line && strcmp(one->text, text) == 0 && strcmp(one->file, file) == 0;
}

static void complain(const char *file, int line, const char *text)
{
    struct client_complaint *at = me->complaint, *end = at + CLIENT_MOST_COMPLAINTS;
    me->wrong = true;
    while (at < end && at->text != NULL && !is_same(at, file, line, text)) {
        ++at;
    }
    if (at < end) {
        at->line = line;
        at->file = file;
        at->text = text;
        ++at->pending;
    }
}

/* What was complained of so far is of batches that are counted. The next batch is reset before it is
 * known whether there is time for it.
 */
static void settle(void)
{
    for (unsigned i = 0; i < CLIENT_MOST_COMPLAINTS; ++i) {
        me->complaint[i].count += me->complaint[i].pending;
        me->complaint[i].pending = 0;
    }
}

/* What was complained of goes to a row of the thread's own. */
static void note(const struct litmus_batch *batch, size_t i)
{
    if (me->wrong) {
        batch->result[me->index * batch->count + i] = 1;
        me->wrong = false;
    }
}

static struct cordon_litmus_state *state_of(const struct litmus_batch *batch, size_t i)
{
    return (struct cordon_litmus_state *)(void *)(batch->memory + i * batch->stride);
}

static void enter(unsigned thread)
{
    me = &page->seat[thread];
    me->index = thread;
}

static void run_part(const struct litmus_batch *batch)
{
    void (*const part)(struct cordon_litmus_state *) = client->threads[me->index];
    enter_phase(THREAD);
    for (size_t k = batch->from; k < batch->to; ++k) {
        const size_t i = batch->order == NULL ? k : batch->order[k];
        step(&me->rounds);
        part(state_of(batch, i));
        note(batch, i);
    }
    enter_phase(WAITING);
}

static void reset(const struct litmus_batch *batch, unsigned location, size_t from, size_t to)
{
    (void)location;
    enter_phase(INIT);
    for (size_t i = from; i < to; ++i) {
        step(&me->steps);
        memset(batch->memory + i * batch->stride, 0, client->size_);
        if (client->init != NULL) {
            client->init(state_of(batch, i));
            note(batch, i);
        }
    }
    enter_phase(WAITING);
}

/* The values of the observed columns, when the check has been made. */
static unsigned observe(const struct litmus_batch *batch, size_t i, int64_t *values)
{
    unsigned column = 0;
    for (; column < CORDON_LITMUS_OUTCOMES && client->outcomes[column].name != NULL; ++column) {
        int value;
        memcpy(&value, batch->memory + i * batch->stride + client->outcomes[column].offset,
               sizeof value);
        values[column] = value;
    }
    values[column] = 0;
    for (unsigned thread = 0; thread < CORDON_LITMUS_THREADS; ++thread) {
        if (client->threads[thread] == NULL) {
            break;
        }
        int32_t *wrong = &batch->result[thread * batch->count + i];
        if (*wrong != 0) {
            values[column] = 1;
            *wrong = 0;
        }
    }
    return column + 1;
}

static void count(const struct litmus_batch *batch, size_t from, size_t to, uint64_t *table,
                  litmus_other_code *other, void *context)
{
    enter_phase(CHECK);
    for (size_t i = from; i < to; ++i) {
        int64_t values[CORDON_LITMUS_OUTCOMES + 1];
        uint32_t all = 0, key = 0;
        if (client->check != NULL) {
            client->check(state_of(batch, i));
            note(batch, i);
        }
        const unsigned columns = observe(batch, i, values);
        for (unsigned column = 0; column < columns; ++column) {
            all |= (uint32_t)values[column];
            key |= (uint32_t)values[column] << (column * client_bits);
        }
        if (all >> client_bits == 0) {
            ++table[key];
        } else {
            other(context, values);
        }
        step(&me->steps);
    }
    settle();
    enter_phase(WAITING);
}

/* The client as a litmus test. */

bool client_is(const char *path)
{
    const size_t length = strlen(path);
    return length > 2 && strcmp(path + length - 2, ".c") == 0;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           strchr("+-_.", c) != NULL;
}

/* Of a first line such as "mcs.c - the MCS lock." what follows the dash. */
static void read_doc(struct client *of)
{
    char line[sizeof of->doc] = "";
    FILE *stream = fopen(of->path, "r");
    if (stream != NULL) {
        if (fgets(line, sizeof line, stream) != NULL) {
            line[strcspn(line, "\n")] = '\0';
            char *end = strstr(line, "*/"), *doc = strstr(line, " - ");
            if (end != NULL) {
                *end = '\0';
            }
            if (strncmp(line, "/*", 2) == 0 && doc != NULL) {
                strcpy(of->doc, doc + 3);
                of->test.doc = of->doc;
            }
            for (char *c = of->doc; *c != '\0'; ++c) {
                *c = (unsigned char)*c < ' ' || *c == '\x7f' ? '?' : *c;
            }
        }
        fclose(stream);
    }
}

static void observe_as(struct client *of, const char *name)
{
    struct litmus_test *test = &of->test;
    struct litmus_observed *observed = &of->observed[test->observed_count];
    char *text = of->observed_name[test->observed_count++];
    snprintf(text, sizeof of->observed_name[0], "[%.*s]", (int)LITMUS_MOST_NAME, name);
    *observed = (struct litmus_observed){LITMUS_NOWHERE, 0, text, NULL};
}

struct client *client_new(const char *path)
{
    struct client *made = calloc(1, sizeof *made);
    const char *slash = strrchr(path, '/');
    if (made == NULL) {
        return NULL;
    }
    made->path = path;
    snprintf(made->name, sizeof made->name, "%s", slash != NULL ? slash + 1 : path);
    char *dot = strrchr(made->name, '.');
    if (dot != NULL) {
        *dot = '\0';
    }
    for (char *c = made->name; *c != '\0'; ++c) {
        *c = is_plain(*c) ? *c : '_';
    }
    struct litmus_test *test = &made->test;
    test->name = made->name;
    made->info = (struct litmus_info){"C11", "forbidden"};
    test->info = &made->info;
    test->info_count = 1;
    made->state.name = "state";
    test->location = &made->state;
    test->location_count = 1;
    test->thread = made->thread;
    test->observed = made->observed;
    test->quantifier = LITMUS_NOT_EXISTS;
    test->condition = &made->is_wrong;
    read_doc(made);
    return made;
}

/* Whoever runs a client, or counts, stops at the first that is not there. */
static bool has_gap(const struct cordon_litmus_client *loaded, bool outcomes)
{
    const unsigned most = outcomes ? CORDON_LITMUS_OUTCOMES : CORDON_LITMUS_THREADS;
    bool ended = false;
    for (unsigned i = 0; i < most; ++i) {
        const bool there = outcomes ? loaded->outcomes[i].name != NULL : loaded->threads[i] != NULL;
        if (there && ended) {
            return true;
        }
        ended = !there;
    }
    return false;
}

static const char *examine(const struct cordon_litmus_client *loaded)
{
    if (loaded->form_ != CORDON_LITMUS_FORM_) {
        return "it was compiled with cordon/litmus.h of another version than this program";
    }
    if (has_gap(loaded, false)) {
        return "its .threads have a gap: one after a NULL would not run";
    }
    if (has_gap(loaded, true)) {
        return "its .outcomes have a gap: one after an empty one would not be counted";
    }
    if (loaded->threads[0] == NULL) {
        return "its CORDON_LITMUS names no .threads";
    }
    if (loaded->size_ == 0 || loaded->alignment_ > 4096) {
        return "its state is empty, or aligned to more than 4096 bytes";
    }
    for (unsigned i = 0; i < CORDON_LITMUS_OUTCOMES && loaded->outcomes[i].name != NULL; ++i) {
        if (loaded->outcomes[i].offset + sizeof(int) > loaded->size_) {
            return "an outcome is outside of its state";
        }
    }
    return NULL;
}

static void describe(struct client *of, struct litmus_code *code)
{
    static litmus_thread_code *const parts[CORDON_LITMUS_THREADS] = {
        run_part, run_part, run_part, run_part, run_part, run_part, run_part, run_part};
    const struct cordon_litmus_client *loaded = of->loaded;
    struct litmus_test *test = &of->test;
    test->thread_count = 0;
    while (test->thread_count < CORDON_LITMUS_THREADS &&
           loaded->threads[test->thread_count] != NULL) {
        ++test->thread_count;
    }
    test->observed_count = 0;
    while (test->observed_count < CORDON_LITMUS_OUTCOMES &&
           loaded->outcomes[test->observed_count].name != NULL) {
        observe_as(of, loaded->outcomes[test->observed_count].name);
    }
    of->is_wrong = (struct litmus_proposition){LITMUS_IS, test->observed_count, 1, NULL, NULL};
    observe_as(of, "wrong");
    code->threads = parts;
    code->reset = reset;
    code->count = count;
    code->enter = enter;
    code->unit = loaded->size_;
    code->bits = LITMUS_MOST_KEY_BITS / test->observed_count;
    code->bits = code->bits > 8 ? 8 : code->bits;
}

enum code_status client_compile(const struct compiler *compiler, struct client *of,
                                struct litmus_code *code, char *problem, size_t size)
{
    const enum code_status status =
        litmus_compile_source(compiler, of->path, of->name, code, problem, size);
    if (status != CODE_LOADED) {
        return status;
    }
    void (**complaints)(const char *, int, const char *);
    of->loaded = dlsym(code->library, "cordon_litmus_client_");
    complaints = dlsym(code->library, "cordon_litmus_complain_");
    const char *wrong = of->loaded == NULL || complaints == NULL
                            ? "it has no CORDON_LITMUS(...): see cordon/litmus.h"
                            : examine(of->loaded);
    if (wrong != NULL) {
        snprintf(problem, size, "no client: %s", wrong);
        litmus_unload(code);
        return CODE_BROKEN;
    }
    *complaints = complain;
    describe(of, code);
    return CODE_LOADED;
}

/* The child: runs the engine, and watches. */

enum { PATIENCE = 100, IMPATIENCE = 10 }; /* tenths of a second */

/* It was given up for an interrupt, before a slow one could be told from a stuck one. */
static bool hurried;

static bool alive(void)
{
    static uint64_t before;
    static int idle;
    uint64_t now = 0;
    for (unsigned i = 0; i < CORDON_LITMUS_THREADS; ++i) {
        now += atomic_load_explicit(&page->seat[i].rounds, memory_order_acquire) +
               atomic_load_explicit(&page->seat[i].steps, memory_order_acquire);
    }
    idle = now == before ? idle + 1 : 0;
    before = now;
    const bool hurry = atomic_load_explicit(&page->stop, memory_order_relaxed) != 0;
    hurried = hurry && idle < PATIENCE;
    return idle < (hurry ? IMPATIENCE : PATIENCE);
}

static void say_who_is_stuck(char *text, size_t size)
{
    static const char *const names[] = {NULL, "init", "thread", "check"};
    size_t length = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < CORDON_LITMUS_THREADS && length < size; ++i) {
        const int phase = atomic_load_explicit(&page->seat[i].phase, memory_order_relaxed);
        if (phase == WAITING) {
            continue;
        }
        length += (size_t)snprintf(text + length, size - length, "%s%s", length == 0 ? "" : ", ",
                                   names[phase]);
        if (phase == THREAD && length < size) {
            length += (size_t)snprintf(text + length, size - length, " %u", i);
        }
    }
}

/* What the child writes: this, then the states' values, then how often each was seen. */
struct message {
    bool done, stuck, hurried;
    char problem[200], who[200];
    uint64_t total;
    double seconds;
    struct disturbance disturbance;
    unsigned columns;
    size_t states;
};

static bool write_all(int to, const void *data, size_t size)
{
    for (const char *at = data; size != 0;) {
        const ssize_t written = write(to, at, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            at += written;
            size -= (size_t)written;
        }
    }
    return true;
}

static void be_child(const struct client *of, const struct litmus_code *code,
                     const struct engine_options *options, int to)
{
    /* The parent hears of interrupts and says when to stop; a crash is one, whatever a sanitizer of
     * this program would make of it.
     */
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; ++i) {
        signal(ignored[i], SIG_IGN);
    }
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; ++i) {
        signal(fatal[i], SIG_DFL);
    }
    struct engine_options mine = *options;
    struct engine_result result;
    struct message message;
    memset(&message, 0, sizeof message);
    mine.stop = &page->stop;
    mine.alive = alive;
    message.done =
        engine_run(&of->test, code, &mine, &result, message.problem, sizeof message.problem);
    if (message.done) {
        message.stuck = result.stuck;
        message.hurried = result.stuck && hurried;
        message.total = result.total;
        message.seconds = result.seconds;
        message.disturbance = result.disturbance;
        message.columns = result.outcomes.columns;
        message.states = result.outcomes.count;
        if (message.stuck) {
            say_who_is_stuck(message.who, sizeof message.who);
        }
    }
    const bool sent =
        write_all(to, &message, sizeof message) &&
        (!message.done || (write_all(to, result.outcomes.values,
                                     message.states * message.columns * sizeof(int64_t)) &&
                           write_all(to, result.outcomes.seen, message.states * sizeof(uint64_t))));
    _exit(sent ? 0 : 1);
}

/* The parent: waits, tells of interrupts, reads. */

/* False: it ended before. */
static bool read_all(int from, const atomic_int *stop, void *data, size_t size)
{
    for (char *at = data; size != 0;) {
        struct pollfd ready = {from, POLLIN, 0};
        const int found = poll(&ready, 1, 100);
        if (stop != NULL && atomic_load_explicit(stop, memory_order_relaxed) != 0) {
            atomic_store_explicit(&page->stop, 1, memory_order_relaxed);
        }
        if (found > 0) {
            const ssize_t got = read(from, at, size);
            if (got == 0 || (got < 0 && errno != EINTR)) {
                return false;
            }
            if (got > 0) {
                at += got;
                size -= (size_t)got;
            }
        }
    }
    return true;
}

static bool receive(int from, const atomic_int *stop, struct message *message,
                    struct client_result *result)
{
    if (!read_all(from, stop, message, sizeof *message)) {
        return false;
    }
    message->problem[sizeof message->problem - 1] = '\0';
    for (size_t i = 0; message->done && i < message->states; ++i) {
        /* One at a time: the set grows as it does elsewhere. */
        int64_t values[LITMUS_MOST_OBSERVED] = {0};
        if (!read_all(from, stop, values, message->columns * sizeof *values) ||
            !outcome_add(&result->engine.outcomes, values, 0)) {
            return false;
        }
    }
    return !message->done ||
           read_all(from, stop, result->engine.outcomes.seen, message->states * sizeof(uint64_t));
}

/* If it crashed or got stuck, also those of the batch that it did not finish: they may say why. */
static void gather_complaints(struct client_result *result, bool all)
{
    for (unsigned thread = 0; thread < CORDON_LITMUS_THREADS; ++thread) {
        for (unsigned i = 0; i < CLIENT_MOST_COMPLAINTS; ++i) {
            const struct client_complaint *one = &page->seat[thread].complaint[i];
            const uint64_t failed = one->count + (all ? one->pending : 0);
            unsigned at = 0;
            if (one->text == NULL) {
                break;
            }
            if (failed == 0) {
                continue;
            }
            while (at < result->complaints &&
                   !is_same(&result->complaint[at], one->file, one->line, one->text)) {
                ++at;
            }
            if (at == CLIENT_MOST_COMPLAINTS) {
                continue;
            }
            if (at == result->complaints) {
                result->complaint[result->complaints++] = *one;
                result->complaint[at].count = 0;
            }
            result->complaint[at].count += failed;
        }
    }
}

/* How the child ended; false, and one line in `problem`, if nothing is known by it. */
static bool conclude(pid_t child, bool received, const struct message *message,
                     struct client_result *result, char *problem, size_t size)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    gather_complaints(result, !received || (message->stuck && !message->hurried));
    result->rounds = atomic_load_explicit(&page->seat[0].rounds, memory_order_relaxed);
    if (!received) {
        result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        result->left = result->signal == 0;
        return true;
    }
    if (!message->done) {
        snprintf(problem, size, "%s", message->problem);
        return false;
    }
    result->engine.total = message->total;
    result->engine.seconds = message->seconds;
    result->engine.disturbance = message->disturbance;
    result->engine.stuck = message->stuck;
    result->interrupted = message->hurried;
    memcpy(result->stuck, message->who, sizeof result->stuck);
    return true;
}

static bool run_in_child(const struct client *of, const struct litmus_code *code,
                         const struct engine_options *options, struct client_result *result,
                         char *problem, size_t size)
{
    int channel[2];
    struct message message;
    fflush(NULL);
    if (pipe(channel) != 0) {
        snprintf(problem, size, "cannot make a pipe: %s", strerror(errno));
        return false;
    }
    const pid_t parent = getpid(), child = fork();
    if (child == 0) {
#ifdef __linux__
        prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
        if (getppid() != parent) {
            _exit(1);
        }
        close(channel[0]);
        be_child(of, code, options, channel[1]);
    }
    close(channel[1]);
    bool done = false;
    if (child < 0) {
        snprintf(problem, size, "cannot make a process: %s", strerror(errno));
    } else {
        const bool received = receive(channel[0], options->stop, &message, result);
        done = conclude(child, received, &message, result, problem, size);
    }
    close(channel[0]);
    return done;
}

bool client_run(struct client *of, const struct litmus_code *code,
                const struct engine_options *options, struct client_result *result, char *problem,
                size_t size)
{
    memset(result, 0, sizeof *result);
    outcome_init(&result->engine.outcomes, of->test.observed_count);
    client = of->loaded;
    client_bits = code->bits;
    page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        snprintf(problem, size, "out of memory");
        return false;
    }
    const bool done = run_in_child(of, code, options, result, problem, size);
    munmap(page, sizeof *page);
    if (!done || result->signal != 0 || result->left) {
        outcome_free(&result->engine.outcomes);
    }
    return done;
}
