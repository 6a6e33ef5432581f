# The loops of `cordon-bench seqlocks`: one object library for ours and for each competitor that is there.
# What is timed is what ships, whatever the build type; and the copies are compared, not what a vectoriser
# makes of their check.
function(bench_seqlocks_designs name source)
    add_library(bench_seqlocks_${name} OBJECT ${source})
    target_include_directories(bench_seqlocks_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(bench_seqlocks_${name} PRIVATE
        cordon::static cordon_machine PkgConfig::jansson ${ARGN})
    target_compile_options(bench_seqlocks_${name} PRIVATE -O2 -fno-sanitize=all -fno-lto
        -fno-stack-protector -fcf-protection=none -fno-tree-vectorize -fno-tree-slp-vectorize)
    target_link_libraries(cordon-bench PRIVATE bench_seqlocks_${name} ${ARGN})
endfunction()

bench_seqlocks_designs(ours seqlocks/ours.c)
bench_seqlocks_designs(glibc peers/seqlocks_glibc.c)
if(TARGET bench_peer_ck)
    bench_seqlocks_designs(ck peers/seqlocks_ck.c bench_peer_ck)
    set_property(SOURCE seqlocks/designs.c APPEND PROPERTY COMPILE_DEFINITIONS SEQ_HAVE_CK)
endif()
# ThreadSanitizer does not see the order that liburcu makes between a version's last reader and its end.
foreach(flavour memb qsbr mb bp)
    if(TARGET bench_peer_urcu_${flavour} AND NOT CORDON_SANITIZE MATCHES thread)
        string(TOUPPER ${flavour} upper)
        bench_seqlocks_designs(urcu_${flavour} peers/seqlocks_urcu.c bench_peer_urcu_${flavour})
        target_compile_definitions(bench_seqlocks_urcu_${flavour} PRIVATE SEQ_URCU_${upper})
        set_property(SOURCE seqlocks/designs.c APPEND PROPERTY COMPILE_DEFINITIONS
            SEQ_HAVE_URCU_${upper})
    endif()
endforeach()
