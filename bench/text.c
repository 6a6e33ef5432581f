/* text.c - numbers, the machine, warnings. */
#define _GNU_SOURCE
#include "text.h"
#include "cli/cli.h"
#include "page/page.h"

#include <cordon/fence.h>

#include <math.h>

void bench_put(FILE *stream, const char *text)
{
    while (*text != '\0') {
        const size_t length = page_character(text);
        fwrite(length > 0 ? text : "?", 1, length > 0 ? length : 1, stream);
        text += length > 0 ? length : 1;
    }
}

const char *bench_number(double value, char text[BENCH_CELL])
{
    const double size = fabs(value);
    snprintf(text, BENCH_CELL, "%.*f", size < 9.995 ? 2 : size < 99.95 ? 1 : 0, value);
    return text;
}

const char *bench_interval(struct stats_interval interval, double scale, char text[BENCH_CELL])
{
    char middle[BENCH_CELL], low[BENCH_CELL], high[BENCH_CELL];
    snprintf(text, BENCH_CELL, "%.18s [%.18s, %.18s]",
             bench_number(interval.middle * scale, middle), bench_number(interval.low * scale, low),
             bench_number(interval.high * scale, high));
    return text;
}

void bench_print_machine(FILE *stream, const struct machine *machine,
                         const struct bench_clock *clock)
{
    machine_print(stream, machine);
    fprintf(stream,
            "clock      %s, %.0f MHz, a read takes %.1f ns; a core cycle %.3f ns (%.2f GHz)\n",
            BENCH_CLOCK_NAME, clock->ticks_per_ns * 1000, clock->read_ns, clock->cycle_ns,
            1 / clock->cycle_ns);
}

void bench_print_membarrier(FILE *stream)
{
    const char *state =
        "refused (an old kernel, or a seccomp filter): light and heavy are full fences";
    if (cordon_fence_asymmetric_probe() == CORDON_FENCE_MEMBARRIER) {
        state = "granted and registered: light fences are free, heavy ones a system call";
    }
    fprintf(stream, "membarrier %s\n", state);
}

unsigned bench_print_warnings(FILE *stream, const struct machine *machine,
                              const struct machine_watch *watch)
{
    const struct cli_style style = cli_style(stream);
    struct machine_spoiler spoilers[MACHINE_MOST_SPOILERS];
    const unsigned count = machine_spoilers(machine, watch, spoilers);
    for (unsigned i = 0; i < count; ++i) {
        fprintf(stream, "%swarning%s    %s:\n           %s\n", style.yellow, style.reset,
                spoilers[i].what, spoilers[i].remedy);
    }
    return count;
}

void bench_print_end(FILE *stream, unsigned done, unsigned wanted, unsigned long blocks,
                     unsigned long repeated, const char *block)
{
    const struct cli_style style = cli_style(stream);
    fprintf(stream,
            "\n%u of %u repetitions; %lu %s timed, %lu of them again since a thread was "
            "preempted.\n",
            done, wanted, blocks, block, repeated);
    if (cli_interrupted) {
        fprintf(stream, "%sInterrupted%s: this is what was measured until then.\n", style.yellow,
                style.reset);
    } else if (done < wanted) {
        fprintf(stream, "The time was up: pass a longer --time for the rest.\n");
    }
}
