// Stands between a process and the C library: writes and syncs of files below one directory fail,
// or wait, and the wall clock is off, as a control file says. It is loaded by LD_PRELOAD with
//
//   AION_HOSTILE_CONTROL    the control file
//   AION_HOSTILE_DIRECTORY  the directory, as the system writes its path
//
// and never linked. The control file is 72 bytes, mapped here and written by whoever has the process
// suffer: words of eight bytes, in the machine's order. Sources/ClusterRig/System/HostileSystem.swift
// is the other side.
//
//   0  "AIONHST1"
//   1  1: writes and syncs wait until this is 0 again
//   2  1: syncs fail with EIO
//   3  bytes that may still be written, then ENOSPC; -1: as many as there is room for. Overwriting
//      counts, as it does where the file system copies on write.
//   4  nanoseconds by which the wall clock is ahead
//   5  counts writes that found no room
//   6  counts syncs that failed
//   7  counts writes and syncs that had to wait
//   8  counts readings of a wall clock that was off

#define _GNU_SOURCE
#include "hostile_system.h"

#if defined(__linux__)

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define BILLION 1000000000ll

struct control {
  char magic[8];
  _Atomic int64_t stalled, failing_syncs, room, ahead;
  _Atomic int64_t refused_writes, failed_syncs, stalled_calls, shifted_readings;
};

static struct control *control;
static const char *directory;

// The next definition of a function: the C library's. Found at the first call, which may come before
// any constructor has run.
#define NEXT(name)                                                \
  ({                                                              \
    static _Atomic(__typeof__(&name)) found;                      \
    __typeof__(&name) next = atomic_load(&found);                 \
    if (!next) {                                                  \
      next = (__typeof__(&name))dlsym(RTLD_NEXT, #name);          \
      atomic_store(&found, next);                                 \
    }                                                             \
    next;                                                         \
  })

__attribute__((constructor)) static void map_control(void) {
  const char *path = getenv("AION_HOSTILE_CONTROL");
  directory = getenv("AION_HOSTILE_DIRECTORY");
  if (!path || !directory) return;
  int file = open(path, O_RDWR | O_CLOEXEC);
  void *mapped = file < 0 ? MAP_FAILED
                          : mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED || memcmp(mapped, "AIONHST1", 8) != 0) {
    fprintf(stderr, "hostile system: %s is no control file\n", path);
    _exit(70);
  }
  close(file);
  control = mapped;
}

static bool is_disk_hostile(void) {
  return control && (atomic_load(&control->stalled) || atomic_load(&control->failing_syncs) ||
                     atomic_load(&control->room) >= 0);
}

static bool is_below_directory(int descriptor) {
  char link[32], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path);
  size_t prefix = strlen(directory);
  return length >= (ssize_t)prefix && memcmp(path, directory, prefix) == 0 &&
         (length == (ssize_t)prefix || path[prefix] == '/');
}

static void wait_while_stalled(void) {
  if (!atomic_load(&control->stalled)) return;
  atomic_fetch_add(&control->stalled_calls, 1);
  struct timespec pause = {.tv_nsec = 1000000};
  while (atomic_load(&control->stalled)) nanosleep(&pause, NULL);
}

// How much of a write finds room; -1 with errno when none of it does.
static ssize_t take_room(size_t wanted) {
  int64_t room = atomic_load(&control->room);
  for (;;) {
    if (room < 0 || wanted == 0) return (ssize_t)wanted;
    if (room == 0) break;
    int64_t taken = (int64_t)wanted < room ? (int64_t)wanted : room;
    if (atomic_compare_exchange_weak(&control->room, &room, room - taken)) return (ssize_t)taken;
  }
  atomic_fetch_add(&control->refused_writes, 1);
  errno = ENOSPC;
  return -1;
}

// What a write of so many bytes to a descriptor comes to.
static ssize_t admit_write(int descriptor, size_t wanted) {
  if (!is_disk_hostile() || !is_below_directory(descriptor)) return (ssize_t)wanted;
  wait_while_stalled();
  return take_room(wanted);
}

static bool admit_sync(int descriptor) {
  if (!is_disk_hostile() || !is_below_directory(descriptor)) return true;
  wait_while_stalled();
  if (!atomic_load(&control->failing_syncs)) return true;
  atomic_fetch_add(&control->failed_syncs, 1);
  errno = EIO;
  return false;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  ssize_t admitted = admit_write(descriptor, count);
  return admitted < 0 ? -1 : NEXT(write)(descriptor, bytes, (size_t)admitted);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  ssize_t admitted = admit_write(descriptor, count);
  return admitted < 0 ? -1 : NEXT(pwrite)(descriptor, bytes, (size_t)admitted, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  ssize_t admitted = admit_write(descriptor, count);
  return admitted < 0 ? -1 : NEXT(pwrite64)(descriptor, bytes, (size_t)admitted, offset);
}

// All or nothing: what is admitted in part is not written at all.
ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
  size_t wanted = 0;
  if (is_disk_hostile() && count > 0)
    for (int piece = 0; piece < count; piece++) wanted += pieces[piece].iov_len;
  if (admit_write(descriptor, wanted) == (ssize_t)wanted) return NEXT(writev)(descriptor, pieces, count);
  errno = ENOSPC;
  return -1;
}

int fsync(int descriptor) { return admit_sync(descriptor) ? NEXT(fsync)(descriptor) : -1; }

int fdatasync(int descriptor) { return admit_sync(descriptor) ? NEXT(fdatasync)(descriptor) : -1; }

static int64_t nanoseconds_ahead(void) {
  int64_t ahead = control ? atomic_load(&control->ahead) : 0;
  if (ahead) atomic_fetch_add(&control->shifted_readings, 1);
  return ahead;
}

// Monotonic clocks stay true, as the kernel promises: whoever waits for one of them by its time would
// wait by another clock than he reads.
int clock_gettime(clockid_t clock, struct timespec *time) {
  int outcome = NEXT(clock_gettime)(clock, time);
  if (outcome != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return outcome;
  int64_t ahead = nanoseconds_ahead();
  int64_t nanoseconds = time->tv_nsec + ahead % BILLION;
  time->tv_sec += ahead / BILLION + (nanoseconds >= BILLION) - (nanoseconds < 0);
  time->tv_nsec = (nanoseconds + BILLION) % BILLION;
  return outcome;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  int outcome = NEXT(gettimeofday)(time, zone);
  int64_t ahead = outcome == 0 ? nanoseconds_ahead() / 1000 : 0;
  if (ahead == 0) return outcome;
  int64_t microseconds = time->tv_usec + ahead % 1000000;
  time->tv_sec += ahead / 1000000 + (microseconds >= 1000000) - (microseconds < 0);
  time->tv_usec = (microseconds + 1000000) % 1000000;
  return outcome;
}

time_t time(time_t *told) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (told) *told = now.tv_sec;
  return now.tv_sec;
}

#endif
