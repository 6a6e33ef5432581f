# embed.cmake - the catalogue as C: cmake -DDIRECTORY=... -DOUTPUT=... -P embed.cmake
file(GLOB files ${DIRECTORY}/*.litmus)
list(SORT files)
set(texts "")
set(table "")
set(count 0)
foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "\\.litmus$" "" name ${name})
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "(................................................................................)" "\\1\n    " bytes "${bytes}")
    string(APPEND texts "static const unsigned char text_${count}[] = {\n    ${bytes}0};\n")
    string(APPEND table "    {\"${name}\", (const char *)text_${count}, sizeof text_${count} - 1},\n")
    math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* Generated from litmus/catalogue by embed.cmake. */
#include \"catalogue.h\"

${texts}
const struct catalogue_entry catalogue[] = {
${table}    {0, 0, 0}};
const size_t catalogue_count = ${count};
")
