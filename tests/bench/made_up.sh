# shellcheck shell=sh
# made_up.sh - small files of measurements that nobody made; sourced.

# benchmark MEMBERS NS : one, with five samples around that time
benchmark() {
    awk -v members="$1" -v ns="$2" 'BEGIN {
        printf "{%s, \"run_type\": \"iteration\", \"iterations\": 1000, \"real_time\": %g, \"cpu_time\": %g, ",
            members, ns, ns
        printf "\"time_unit\": \"ns\", \"interval_95\": [%g, %g], \"items_per_second\": %g, ", ns * 0.99, ns * 1.01, 1e9 / ns
        printf "\"samples\": [%g, %g, %g, %g, %g]}", ns * 0.99, ns * 0.995, ns, ns * 1.005, ns * 1.01
    }'
}

context='"date": "2026-01-01T00:00:00+0000", "host_name": "nowhere", "executable": "cordon-bench", "num_cpus": 4,
    "cpu": "Made-Up", "architecture": "none", "kernel": "none", "compiler": "none", "packages": 1, "cores": 4,
    "cpus": 4, "numa_nodes": 1, "virtual_machine": false, "clock": "TSC", "clock_mhz": 1000, "clock_read_ns": 10,
    "core_cycle_ns": 0.5, "interrupted": false, "warnings": [{"what": "about 9 threads", "do": "stop what else runs"}]'

# one MEMBERS NS : a file with one benchmark
one() {
    printf '{"context": {%s}, "benchmarks": [%s]}\n' "$context" "$(benchmark "$1" "$2")"
}

# made_up : a file with something of each part
made_up() {
    cat <<END
{"context": {$context,
 "peers": ["CK 0"], "advice": ["use mcs"], "ratios": [
  {"what": "uncontended", "ours": "mcs", "peer": "ck_mcs", "ratio": 1.5, "interval_95": [1.4, 1.6], "differs": true},
  {"what": "2 threads", "ours": "mcs", "peer": "ck_mcs", "ratio": 0.5, "interval_95": [0.4, 0.6], "differs": true},
  {"what": "4 threads", "ours": "mcs", "peer": "ck_mcs", "ratio": 1.01, "interval_95": [0.9, 1.1], "differs": false}]},
 "benchmarks": [
END
    for pair in 0:1 0:2 1:2; do
        benchmark '"name": "c2c/'$pair'", "bench": "c2c", "part": "pairs", "cpu": '${pair%:*}', "partner": '${pair#*:} 40
        echo ,
    done
    for fence in full:5 nop:0.01; do
        for stores in 0 1 2 4 8 16; do
            noise=false
            [ ${fence%:*} = full ] || noise=true
            benchmark '"name": "fences/'$fence/$stores'", "bench": "fences", "part": "costs", "fence": "'${fence%:*}'", "context": "own", "stores": '$stores', "within_noise": '$noise ${fence#*:}
            echo ,
        done
    done
    for lock in mcs:cordon:10 ck_mcs:ck:15; do
        ns=${lock##*:} who=${lock%:*}
        common='"candidate": "'${who%:*}'", "library": "'${who#*:}'"'
        benchmark '"name": "locks/uncontended/'$lock'", "bench": "locks", "part": "uncontended", '"$common" "$ns"
        echo ,
        for threads in 1 2 4; do
            benchmark '"name": "locks/threads:'$threads/$lock'", "bench": "locks", "part": "threads", "threads": '$threads', "hold": 0, "think": 0, "jain": 0.9, "latency": {"count": 1000, "p50": 10, "max": 90, "cdf": [[10, 0.5], [20, 0.9], [90, 1.0]]}, '"$common" "$ns"
            echo ,
            benchmark '"name": "locks/map/'$threads/$lock'", "bench": "locks", "part": "map", "threads": 2, "hold": '$threads', "think": 100, '"$common" 10
            echo ,
        done
    done
    benchmark '"name": "other/last", "bench": "other", "part": "x", "candidate": "last"' 3
    echo ']}'
}

# google TIMES : what Google Benchmark writes, all times multiplied
google() {
    awk -v times="$1" 'BEGIN {
        print "{\"context\": {\"date\": \"2026\", \"host_name\": \"nowhere\", \"num_cpus\": 4, \"mhz_per_cpu\": 1000}, \"benchmarks\": ["
        for (i = 0; i < 5; ++i)
            printf "{\"name\": \"BM_copy/8\", \"run_name\": \"BM_copy/8\", \"run_type\": \"iteration\", \"repetitions\": 5, " \
                "\"repetition_index\": %d, \"threads\": 1, \"iterations\": 10, \"real_time\": %g, \"cpu_time\": 1, \"time_unit\": \"us\"},\n", i, times * (1 + i * 0.0025)
        printf "{\"name\": \"BM_copy/8_mean\", \"run_name\": \"BM_copy/8\", \"run_type\": \"aggregate\", \"aggregate_name\": \"mean\", " \
            "\"real_time\": %g, \"cpu_time\": 1, \"time_unit\": \"us\"}]}\n", times
    }'
}
