# Compiler settings and the helpers with which each floor of the house is declared.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

if(PROJECT_IS_TOP_LEVEL)
  find_program(DMSS_CCACHE ccache)
  if(DMSS_CCACHE)
    set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${DMSS_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  endif()
endif()

add_library(dmss_options INTERFACE)
target_compile_options(dmss_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess -fcoroutines -Wno-mismatched-new-delete>)
if(DMSS_SANITIZE)
  # Vector-heavy FFmpeg calls are not instrumented; everything of ours is.
  add_compile_options(-fsanitize=${DMSS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${DMSS_SANITIZE})
endif()
if(DMSS_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

# Asio is compiled once, in src/net/asio.cpp; these definitions must be the same everywhere it is included.
add_library(dmss_asio INTERFACE)
target_compile_definitions(dmss_asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_NO_TS_EXECUTORS BOOST_BEAST_USE_STD_STRING_VIEW)
target_link_libraries(dmss_asio INTERFACE Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

# One static library a floor: dmss_floor(proto DEPENDS dmss_base)
function(dmss_floor name)
  cmake_parse_arguments(arg "" "PCH" "DEPENDS;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    add_library(dmss_${name} INTERFACE)
    return()
  endif()
  add_library(dmss_${name} STATIC ${sources})
  target_include_directories(dmss_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(dmss_${name} PUBLIC ${arg_DEPENDS} PRIVATE dmss_options ${arg_PRIVATE})
  if(arg_PCH)
    target_precompile_headers(dmss_${name} PRIVATE ${arg_PCH})
  endif()
endfunction()
