#ifndef AION_CRC32C_H
#define AION_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `length` bytes, continuing from `crc` (0 to begin).
uint32_t aion_crc32c(uint32_t crc, const void *bytes, size_t length);

/// The same value by table lookup, whatever the processor offers: the reference for tests.
uint32_t aion_crc32c_portable(uint32_t crc, const void *bytes, size_t length);

#endif
