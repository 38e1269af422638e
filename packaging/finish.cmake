# Run by CPack on the files of each package before it is packed.
set(root ${CPACK_TEMPORARY_DIRECTORY})

# Debian has its own places for some of what `make install` lays elsewhere, and compresses pages.
if(CPACK_GENERATOR STREQUAL DEB)
  set(share ${root}/usr/share)
  file(MAKE_DIRECTORY ${share}/zsh/vendor-completions)
  file(RENAME ${share}/zsh/site-functions/_wattfor ${share}/zsh/vendor-completions/_wattfor)
  file(REMOVE_RECURSE ${share}/zsh/site-functions)
  # The licence is in every Debian system; the file that refers to it is the copyright.
  set(doc ${share}/doc/wattfor)
  file(READ ${CPACK_WATTFOR_COPYRIGHT} own)
  file(READ ${doc}/third-party-licenses others)
  file(WRITE ${doc}/copyright "${own}\n${others}")
  file(REMOVE ${doc}/LICENSE ${doc}/third-party-licenses)
  file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
  file(GLOB pages ${share}/man/man1/*.1)
  # -n: no time stamp inside, so that the same text gives the same file.
  execute_process(COMMAND gzip -9n ${doc}/changelog ${pages} COMMAND_ERROR_IS_FATAL ANY)
endif()

# The same sources give the same package: the files bear the time of the sources.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(
    COMMAND find ${root} -exec touch --no-dereference --date=@$ENV{SOURCE_DATE_EPOCH} {} +
    COMMAND_ERROR_IS_FATAL ANY)
endif()
