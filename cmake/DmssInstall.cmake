# Installation: headers, both libraries, CMake package (find_package(dmss)) and pkg-config files (dmss, dmss_c).
include(CMakePackageConfigHelpers)

install(DIRECTORY include/dmss DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY bindings/c/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES bindings/c/dmss.json DESTINATION ${CMAKE_INSTALL_DATADIR}/dmss)
install(TARGETS dmss dmss_c EXPORT dmssTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT dmssTargets NAMESPACE dmss:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/dmss)
configure_package_config_file(cmake/dmss-config.cmake.in dmss-config.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/dmss)
write_basic_package_version_file(dmss-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/dmss-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/dmss-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/dmss)

# Relative to the .pc file, so that `cmake --install --prefix` and a moved tree still work.
file(RELATIVE_PATH pc_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
foreach(package dmss dmss_c)
  configure_file(cmake/${package}.pc.in ${package}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${package}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
