/* info.c - `cordon-bench info`: the machine as a benchmark must know it. */
#define _GNU_SOURCE
#include "bench.h"
#include "gbench.h"
#include "options.h"
#include "text.h"
#include "machine/frequency.h"

#include <cordon/fence.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GLIBC__)
#include <gnu/libc-version.h>
#define LIBC_NAME    "glibc"
#define LIBC_VERSION gnu_get_libc_version()
#else
#define LIBC_NAME    "C library"
#define LIBC_VERSION "unknown"
#endif

static const char help[] =
    "Usage: cordon-bench info [OPTION...]\n"
    "\n"
    "Say what a measurement on this machine rests on: the processor and its topology, the clocks\n"
    "and how fine they are, what decides the cores' frequency, and how much of its CPUs this "
    "process\n"
    "really gets. For the last, one thread on each allowed CPU does nothing but read the clock for "
    "a\n"
    "short moment: where two readings lie far apart, something else had the core. Then: what "
    "spoils\n"
    "a measurement here, and what to do about each.\n"
    "\n"
    "Options:\n"
    "  -t, --time TIME        watch the CPUs for this long, e.g. 2, 500ms, 1m (0.2)\n"
    "  -j, --json [FILE]      write JSON (the context of the other subcommands, and more) to "
    "FILE,\n"
    "                         or to standard output in place of the text\n"
    "      --html [FILE]      likewise a page\n" //
    BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench info                before anything else\n"
    "  cordon-bench info --time 10      is this machine quiet enough?\n"
    "  taskset -c 2,3 cordon-bench info --json machine.json\n"
    "\n" BENCH_HELP_EXIT;

enum { LISTED_CPUS = 8 };

struct info {
    struct machine machine;
    struct bench_clock clock;
    struct machine_watch watch;
    double system_read_ns;
    uint64_t system_step_ns; /* 0 if it was not seen */
    char source[32];         /* of the system's clock; may be empty */
    bool frequency_known;
    struct machine_frequency frequency;
    uint64_t time;
};

/* What the build found: "NAME VERSION", parted by semicolons. */
static const char peers[] = BENCH_PEERS;

/* The shortest of several tries: what a reading takes when nothing comes between. */
static double time_system_clock(void)
{
    enum { READS = 1000, TRIES = 20 };
    uint64_t shortest = UINT64_MAX;
    for (int try = 0; try < TRIES; ++try) {
        const uint64_t started = cordon_now();
        for (int i = 1; i < READS; ++i) {
            (void)cordon_now();
        }
        const uint64_t took = cordon_now() - started;
        shortest = took < shortest ? took : shortest;
    }
    return (double)shortest / READS;
}

static bool look(struct info *info)
{
    info->clock = bench_clock_calibrate();
    info->system_read_ns = time_system_clock();
    info->frequency_known = machine_frequency(info->machine.cpu[0].os, &info->frequency);
    if (!machine_clock_source(info->source, sizeof info->source)) {
        info->source[0] = '\0';
    }
    cordon_fence_asymmetric_probe();
    cli_progress("watching %u CPU%s for %.1f s", info->machine.cpu_count,
                 info->machine.cpu_count == 1 ? "" : "s", (double)info->time / 1e9);
    const int failed = machine_watch(&info->machine, info->time, &cli_interrupted, &info->watch);
    cli_progress_clear();
    if (failed) {
        cli_error("cannot watch the CPUs: %s", strerror(errno));
        return false;
    }
    for (unsigned i = 0; i < info->machine.cpu_count; ++i) {
        const struct machine_watch_cpu *seen = &info->watch.cpu[i];
        if (seen->smallest_step > 0 &&
            (info->system_step_ns == 0 || seen->smallest_step < info->system_step_ns)) {
            info->system_step_ns = seen->smallest_step;
        }
    }
    return true;
}

static void print_clocks(FILE *stream, const struct info *info)
{
    const struct machine_frequency *frequency = &info->frequency;
    fprintf(stream,
            "           it counts in steps of %.2g ns: nothing shorter is seen in one reading\n",
            info->clock.step_ns);
    fprintf(stream, "system     CLOCK_MONOTONIC%s%s: a read takes %.1f ns",
            info->source[0] ? ", read from " : "", info->source, info->system_read_ns);
    if (info->system_step_ns > 0) {
        fprintf(stream, ", the smallest step seen is %llu ns",
                (unsigned long long)info->system_step_ns);
    }
    fputs("\nfrequency  ", stream);
    if (info->frequency_known) {
        fprintf(stream, "governor %s, driver %s, %.2f to %.2f GHz, now %.2f GHz, boost %s\n",
                frequency->governor, frequency->driver[0] ? frequency->driver : "unknown",
                (double)frequency->least / 1e6, (double)frequency->most / 1e6,
                (double)frequency->now / 1e6, frequency->boost ? "on" : "off or not told");
    } else {
        fputs("not told here, as in most virtual machines; see the core cycle above\n", stream);
    }
}

static void print_versions(FILE *stream)
{
    char texts[sizeof peers];
    snprintf(texts, sizeof texts, "%s", peers);
    for (char *c = texts; *c != '\0'; ++c) {
        *c = *c == ';' ? ',' : *c;
    }
    bench_print_membarrier(stream);
    fprintf(stream, "versions   cordon %s; " LIBC_NAME " %s, hwloc %s, jansson %s\n",
            GBENCH_VERSION, LIBC_VERSION, machine_hwloc_version(), jansson_version_str());
    fprintf(stream, "peers      %s\n",
            *texts ? texts : "none was found when this tool was built (libck-dev, liburcu-dev)");
}

static bool same_place(const struct machine_cpu *a, const struct machine_cpu *b)
{
    return a->package == b->package && a->numa == b->numa && a->cache == b->cache &&
           a->cache_level == b->cache_level;
}

static const char *place_number(unsigned number, char text[BENCH_CELL])
{
    snprintf(text, BENCH_CELL, number == MACHINE_UNKNOWN ? "?" : "%u", number);
    return text;
}

/* One line for each place: what shares the last cache before memory. */
static void print_topology(FILE *stream, const struct machine *machine)
{
    const struct cli_style style = cli_style(stream);
    unsigned *inside = calloc(machine->cpu_count, sizeof *inside);
    char package[BENCH_CELL], numa[BENCH_CELL], cache[BENCH_CELL];
    if (inside == NULL) {
        return;
    }
    fprintf(stream, "\n%sAllowed CPUs, by the cache they share%s\n%-8s %-5s %-7s %5s  CPUs\n",
            style.bold, style.reset, "package", "node", "cache", "cores");
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        const struct machine_cpu *cpu = &machine->cpu[i];
        unsigned count = 0, cores = 0, earlier = 0;
        while (!same_place(&machine->cpu[earlier], cpu)) {
            ++earlier;
        }
        if (earlier < i) {
            continue; /* that place had its line */
        }
        for (unsigned k = i; k < machine->cpu_count; ++k) {
            if (same_place(&machine->cpu[k], cpu)) {
                bool new_core = true;
                for (unsigned m = i; m < k && new_core; ++m) {
                    new_core =
                        machine_distance(&machine->cpu[m], &machine->cpu[k]) != MACHINE_SAME_CORE;
                }
                cores += new_core;
                inside[count++] = machine->cpu[k].os;
            }
        }
        if (cpu->cache == MACHINE_UNKNOWN) {
            snprintf(cache, sizeof cache, "?");
        } else {
            snprintf(cache, sizeof cache, "L%u #%u", cpu->cache_level, cpu->cache);
        }
        fprintf(stream, "%-8s %-5s %-7s %5u  ", place_number(cpu->package, package),
                place_number(cpu->numa, numa), cache, cores);
        machine_print_cpus(stream, inside, count);
        fputc('\n', stream);
    }
    free(inside);
}

static const struct machine_watch *sorted_by;

static int most_lost_first(const void *left, const void *right)
{
    const unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
    const double x = machine_watch_lost(&sorted_by->cpu[a]);
    const double y = machine_watch_lost(&sorted_by->cpu[b]);
    return x < y || x > y ? (x < y) - (x > y) : (a > b) - (a < b);
}

static void print_watch(FILE *stream, const struct info *info)
{
    const struct cli_style style = cli_style(stream);
    const unsigned count = info->machine.cpu_count;
    unsigned *order = calloc(count, sizeof *order);
    if (order == NULL) {
        return;
    }
    for (unsigned i = 0; i < count; ++i) {
        order[i] = i;
    }
    if (count > LISTED_CPUS) {
        sorted_by = &info->watch;
        qsort(order, count, sizeof *order, most_lost_first);
    }
    fprintf(stream,
            "\n%sA thread on each CPU that only read the clock, for %.3g s%s\n"
            "%5s  %9s  %12s  %11s  %9s\n",
            style.bold, (double)info->time / 1e9, style.reset, "CPU", "elsewhere", "gaps > 10 us",
            "longest, ms", "preempted");
    for (unsigned i = 0; i < count && i < LISTED_CPUS; ++i) {
        const struct machine_watch_cpu *seen = &info->watch.cpu[order[i]];
        const unsigned os = info->machine.cpu[order[i]].os;
        if (seen->error != 0) {
            fprintf(stream, "%5u  cannot be had: %s\n", os, strerror(seen->error));
            continue;
        }
        fprintf(stream, "%5u  %7.2f %%  %12llu  %11.3f  %9ld\n", os, 100 * machine_watch_lost(seen),
                (unsigned long long)seen->gaps, (double)seen->longest / 1e6, seen->switches);
    }
    if (count > LISTED_CPUS) {
        fprintf(stream, "The other %u CPUs lost less.\n", count - LISTED_CPUS);
    }
    if (info->watch.steal_known) {
        fprintf(stream, "The host admits to have taken %.1f %% of all CPUs' time (steal).\n",
                info->watch.steal * 100);
    }
    free(order);
}

static void print(FILE *stream, const void *opaque)
{
    const struct info *info = opaque;
    const struct cli_style style = cli_style(stream);
    bench_print_machine(stream, &info->machine, &info->clock);
    print_clocks(stream, info);
    print_versions(stream);
    print_topology(stream, &info->machine);
    print_watch(stream, info);
    fprintf(stream, "\n%sWhat spoils a measurement here, and what to do%s\n", style.bold,
            style.reset);
    if (bench_print_warnings(stream, &info->machine, &info->watch) == 0) {
        fputs("Nothing that can be seen from here.\n", stream);
    }
    if (cli_interrupted) {
        fprintf(stream, "\n%sInterrupted%s: the CPUs were watched until then.\n", style.yellow,
                style.reset);
    }
}

static json_t *place_of(unsigned number)
{
    return number == MACHINE_UNKNOWN ? json_null() : json_integer(number);
}

static json_t *topology_of(const struct machine *machine)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        const struct machine_cpu *cpu = &machine->cpu[i];
        json_array_append_new(
            array, json_pack("{s:i, s:o, s:i, s:o, s:i, s:o, s:o}", "cpu", (int)cpu->os, "core",
                             place_of(cpu->core), "thread", (int)cpu->thread, "cache",
                             place_of(cpu->cache), "cache_level", (int)cpu->cache_level, "package",
                             place_of(cpu->package), "numa_node", place_of(cpu->numa)));
    }
    return array;
}

static json_t *watch_of(const struct info *info)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < info->machine.cpu_count; ++i) {
        const struct machine_watch_cpu *seen = &info->watch.cpu[i];
        json_array_append_new(
            array,
            json_pack("{s:i, s:b, s:I, s:I, s:I, s:I, s:I}", "cpu", (int)info->machine.cpu[i].os,
                      "pinned", seen->error == 0, "watched_ns", (json_int_t)seen->watched, "gaps",
                      (json_int_t)seen->gaps, "lost_ns", (json_int_t)seen->lost, "longest_ns",
                      (json_int_t)seen->longest, "preempted", (json_int_t)seen->switches));
    }
    return array;
}

static json_t *frequency_of(const struct info *info)
{
    const struct machine_frequency *frequency = &info->frequency;
    if (!info->frequency_known) {
        return json_null();
    }
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:b}", "governor", frequency->governor, "driver",
                     frequency->driver, "least_khz", (json_int_t)frequency->least, "most_khz",
                     (json_int_t)frequency->most, "now_khz", (json_int_t)frequency->now, "boost",
                     frequency->boost);
}

static json_t *peers_of(void)
{
    json_t *array = json_array();
    char texts[sizeof peers];
    snprintf(texts, sizeof texts, "%s", peers);
    char *rest = texts;
    for (char *peer; (peer = strsep(&rest, ";")) != NULL;) {
        if (*peer != '\0') {
            json_array_append_new(array, json_string(peer + (*peer == ' ')));
        }
    }
    return array;
}

static json_t *document(const void *opaque)
{
    const struct info *info = opaque;
    json_t *context = gbench_context(&info->machine, &info->clock, &info->watch);
    json_t *more =
        json_pack("{s:f, s:{s:s, s:f, s:I}, s:o, s:b, s:{s:s, s:s, s:s, s:s}, s:o, s:o, s:o, s:o}",
                  "clock_step_ns", info->clock.step_ns, "system_clock", "source", info->source,
                  "read_ns", info->system_read_ns, "step_ns", (json_int_t)info->system_step_ns,
                  "frequency", frequency_of(info), "membarrier",
                  cordon_fence_asymmetric_probe() == CORDON_FENCE_MEMBARRIER, "versions", "cordon",
                  GBENCH_VERSION, LIBC_NAME, LIBC_VERSION, "hwloc", machine_hwloc_version(),
                  "jansson", jansson_version_str(), "peers", peers_of(), "topology",
                  topology_of(&info->machine), "watch", watch_of(info), "steal",
                  info->watch.steal_known ? json_real(info->watch.steal) : json_null());
    if (context == NULL || more == NULL || json_object_update(context, more) != 0) {
        return NULL;
    }
    json_decref(more);
    return gbench_document(context, json_array());
}

static void read_options(struct bench_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"time", required_argument, NULL, 't'},        {"json", optional_argument, NULL, 'j'},
        {"html", optional_argument, NULL, BENCH_HTML}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},           {NULL, 0, NULL, 0},
    };
    for (int option; (option = cli_option(argc, argv, "+t:j::hV", known)) != -1;) {
        (void)bench_option(options, option, argc, argv, help);
    }
    bench_no_operands(argc, argv);
}

int bench_info(int argc, char **argv)
{
    struct bench_options options = {.time = UINT64_C(200000000)};
    static struct info info;
    const struct bench_results results = {&info, print, document};
    read_options(&options, argc, argv);
    bench_read_machine(&options, &info.machine);
    info.time = options.time;
    bench_begin(&options);
    const bool seen = look(&info);
    const int status = bench_end(&options, seen, &results);
    machine_watch_free(&info.watch);
    machine_free(&info.machine);
    return status;
}
