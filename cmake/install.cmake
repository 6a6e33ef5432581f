# What `cmake --install` installs: libraries, headers, tools, manual pages, and what lets CMake and
# pkg-config find them. The tree may be moved afterwards, unless a directory was given as absolute.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cordon)

install(TARGETS cordon_static cordon_shared EXPORT cordon)
install(DIRECTORY include/cordon TYPE INCLUDE FILES_MATCHING PATTERN *.h)

foreach(tool cordon-litmus cordon-bench)
    if(TARGET ${tool})
        install(TARGETS ${tool})
    endif()
endforeach()

# With cordon-check the sources of the library, which it compiles into what it explores.
set(library_source_dir ${CMAKE_INSTALL_DATADIR}/cordon)
if(TARGET cordon-check)
    install(TARGETS cordon-check EXPORT cordon)
    get_target_property(library_sources cordon-check CORDON_SOURCES)
    install(FILES ${library_sources} DESTINATION ${library_source_dir})
endif()

foreach(section 1 3 7)
    file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.${section})
    if(pages)
        install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
    endif()
endforeach()

# find_package(cordon 0.1)
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(compatibility SameMinorVersion)
else()
    set(compatibility SameMajorVersion)
endif()
configure_package_config_file(cmake/cordon-config.cmake.in cordon-config.cmake
    INSTALL_DESTINATION ${package_dir} PATH_VARS library_source_dir NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(cordon-config-version.cmake COMPATIBILITY ${compatibility})
install(EXPORT cordon NAMESPACE cordon:: FILE cordon-targets.cmake DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/cordon-config.cmake
    ${PROJECT_BINARY_DIR}/cordon-config-version.cmake cmake/cordon-check.cmake
    DESTINATION ${package_dir})

# pkg-config cordon. From its own place to the prefix, so that the file moves with the tree.
if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
    set(pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
    file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
    string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${up}")
endif()
foreach(dir LIBDIR INCLUDEDIR)
    set(pc_${dir} ${CMAKE_INSTALL_${dir}})
    if(NOT IS_ABSOLUTE ${pc_${dir}})
        set(pc_${dir} "\${prefix}/${pc_${dir}}")
    endif()
endforeach()
configure_file(cmake/cordon.pc.in cordon.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cordon.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
