/* bench.h - the subcommands of cordon-bench. Each is given its own name as argv[0] and returns the
 * exit status.
 */
#ifndef CORDON_BENCH_H
#define CORDON_BENCH_H

int bench_info(int argc, char **argv);
int bench_c2c(int argc, char **argv);
int bench_fences(int argc, char **argv);
int bench_rings(int argc, char **argv);

/* bench_version - print the tool's version and where it came from. */
void bench_version(void);

#endif
