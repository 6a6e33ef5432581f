# cordon_add_check(NAME SOURCES source... [OPTIONS option...] [FLAGS flag...] [LINK target...]
#     [INCLUDES directory...] [WILL_FIND word])
#
# Adds the test NAME: cordon-check explores the program that these sources are. It passes if every
# execution is right, or, with WILL_FIND, if the named thing is found ("data-race"; cordon-check
# --help lists the words). OPTIONS are those of cordon-check, FLAGS the compiler's; the include
# directories and definitions of the targets after LINK are passed to the compiler, too, and with
# cordon::cordon the sources of libcordon, since only what is compiled so can be explored. Each test
# explores with one process; ctest -j runs several at once.
function(cordon_add_check name)
    cmake_parse_arguments(PARSE_ARGV 1 check "" "WILL_FIND" "SOURCES;OPTIONS;FLAGS;LINK;INCLUDES")
    if(check_UNPARSED_ARGUMENTS OR NOT check_SOURCES)
        message(FATAL_ERROR "cordon_add_check(${name}): say SOURCES before the sources")
    endif()
    if(NOT TARGET cordon::check)
        message(STATUS "cordon_add_check(${name}): left out, for there is no cordon-check on this system")
        return()
    endif()
    set(sources)
    foreach(source IN LISTS check_SOURCES)
        get_filename_component(source "${source}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
        list(APPEND sources "${source}")
    endforeach()
    set(options --jobs 1)
    if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
        list(APPEND options --cc "${CMAKE_C_COMPILER}")
    endif()
    if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
        list(APPEND options --cxx "${CMAKE_CXX_COMPILER}")
    endif()
    if(check_WILL_FIND)
        list(APPEND options --expect "${check_WILL_FIND}")
    endif()
    set(flags)
    foreach(directory IN LISTS check_INCLUDES)
        get_filename_component(directory "${directory}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
        list(APPEND flags "-I${directory}")
    endforeach()
    foreach(target IN LISTS check_LINK)
        if(target MATCHES "^cordon::")
            get_target_property(library cordon::check CORDON_SOURCES)
            list(APPEND sources ${library})
        endif()
        set(directories "$<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>")
        set(definitions "$<TARGET_PROPERTY:${target},INTERFACE_COMPILE_DEFINITIONS>")
        list(APPEND flags "$<$<BOOL:${directories}>:-I$<JOIN:${directories},$<SEMICOLON>-I>>"
            "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},$<SEMICOLON>-D>>")
    endforeach()
    add_test(NAME ${name} COMMAND $<TARGET_FILE:cordon::check> ${options} ${check_OPTIONS} ${sources} --
        ${flags} ${check_FLAGS} COMMAND_EXPAND_LISTS)
    set_tests_properties(${name} PROPERTIES LABELS check)
endfunction()
