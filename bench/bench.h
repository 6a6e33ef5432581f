/* bench.h - the subcommands of cordon-bench. Each is given its own name as argv[0] and returns the
 * exit status.
 */
#ifndef CORDON_BENCH_H
#define CORDON_BENCH_H

int bench_info(int argc, char **argv);
int bench_c2c(int argc, char **argv);
int bench_fences(int argc, char **argv);
int bench_locks(int argc, char **argv);
int bench_rings(int argc, char **argv);
int bench_seqlocks(int argc, char **argv);
int bench_all(int argc, char **argv);
int bench_report(int argc, char **argv);
int bench_compare(int argc, char **argv);

/* The subcommands, in the order of the help. */
struct bench_subcommand {
    const char *name;
    int (*run)(int argc, char **argv);
    unsigned share; /* of the time of `all`; 0: it is no part of that */
    const char *what;
};
extern const struct bench_subcommand bench_subcommands[];
extern const unsigned bench_subcommand_count;

/* bench_version - print the tool's version and where it came from. */
void bench_version(void);

#endif
