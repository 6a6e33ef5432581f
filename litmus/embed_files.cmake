# embed_files(NAME WHAT ROOT FILE...): NAME.c in the binary directory, with the files in the table NAME (see embed.cmake).
function(embed_files name what root)
    set(list ${CMAKE_CURRENT_BINARY_DIR}/${name}.list)
    set(absolute "")
    foreach(file IN LISTS ARGN)
        get_filename_component(file ${file} ABSOLUTE)
        list(APPEND absolute ${file})
    endforeach()
    list(REMOVE_DUPLICATES absolute)
    string(REPLACE ";" "\n" lines "${absolute}")
    file(CONFIGURE OUTPUT ${list} CONTENT "${lines}\n" @ONLY) # touched only if it changes
    add_custom_command(OUTPUT ${name}.c
        COMMAND ${CMAKE_COMMAND} -DLIST=${list} -DROOT=${root} -DNAME=${name}
            -DOUTPUT=${CMAKE_CURRENT_BINARY_DIR}/${name}.c -P ${PROJECT_SOURCE_DIR}/litmus/embed.cmake
        DEPENDS ${absolute} ${list} ${PROJECT_SOURCE_DIR}/litmus/embed.cmake
        COMMENT "Embedding ${what}"
        VERBATIM)
endfunction()
