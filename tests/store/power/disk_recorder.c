/* Loaded before libc (LD_PRELOAD): notes, in order, what a process and its children do to the files under RUBAN_DISK_ROOT.

   Each note is appended to RUBAN_DISK_LOG in one piece, so that the notes of several processes have one order:
     u32 length of the payload, u8 kind, u64 inode, u64 number, payload (little-endian)
   W number = offset, payload = what is written      T number = the new size
   S sync begins, number = who asks                  F sync has ended, number = who asked
   C payload = path of a new file                    M payload = path of a new folder
   R payload = old path, NUL, new path               U payload = path that is taken away
   A write is noted before it is done, a sync when it begins and once it has ended, a name once it has changed: what the
   notes call synced was synced. Whoever prepares a disk for a power cut reads them: disk.py. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int notes = -1;
static char root[PATH_MAX];

__attribute__((constructor)) static void begin(void) {
  const char *log = getenv("RUBAN_DISK_LOG"), *under = getenv("RUBAN_DISK_ROOT");
  if (!log || !under) return;
  snprintf(root, sizeof root, "%s/", under);
  int opened = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
  if (opened < 0) abort();
  notes = fcntl(opened, F_DUPFD_CLOEXEC, 900); /* out of the way of programs that count on low numbers */
  if (notes < 0) abort();
  syscall(SYS_close, opened);
}

static void note(char kind, uint64_t inode, uint64_t number, const void *payload, size_t length) {
  struct __attribute__((packed)) { uint32_t length; char kind; uint64_t inode, number; } head = {length, kind, inode, number};
  struct iovec parts[2] = {{&head, sizeof head}, {(void *)payload, length}};
  int before = errno;
  if (syscall(SYS_writev, notes, parts, 2) != (long)(sizeof head + length)) abort();
  errno = before;
}

static int under_root(const char *path) { return strncmp(path, root, strlen(root)) == 0; }

static int is_root(const char *path) { return strlen(path) + 1 == strlen(root) && strncmp(path, root, strlen(path)) == 0; }

/* Whether a descriptor is a file or folder that is looked at; fills `found`. */
static int watched(int fd, struct stat *found) {
  char link[64], path[PATH_MAX];
  if (notes < 0) return 0;
  int before = errno, is = 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 2);
  if (n > 0) {
    path[n] = 0;
    /* The root itself counts: its names are synced through it. */
    is = (under_root(path) || is_root(path)) && fstat(fd, found) == 0 &&
         (S_ISREG(found->st_mode) || S_ISDIR(found->st_mode));
  }
  errno = before;
  return is;
}

/* An absolute path for one that may be relative to the working folder or to `dir`; 0 if it is not looked at. */
static int placed(int dir, const char *name, char *path) {
  char folder[PATH_MAX], link[64];
  if (notes < 0) return 0;
  int before = errno;
  if (name[0] == '/') {
    snprintf(path, PATH_MAX, "%s", name);
  } else {
    if (dir == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
    ssize_t n = readlink(link, folder, sizeof folder - 1);
    if (n < 0) abort();
    folder[n] = 0;
    while (strncmp(name, "./", 2) == 0) name += 2;
    if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX) abort();
  }
  errno = before;
  return under_root(path);
}

#define NEXT(name) \
  static __typeof__(&name) next; \
  if (!next && !(next = (__typeof__(&name))dlsym(RTLD_NEXT, #name))) abort()

/* Names that appear. */

static int open_noted(int dir, const char *name, int flags, mode_t mode) {
  char path[PATH_MAX];
  struct stat found;
  int looked = placed(dir, name, path) && (flags & (O_CREAT | O_TRUNC));
  int existed = looked && syscall(SYS_newfstatat, dir, name, &found, 0) == 0;
  int fd = syscall(SYS_openat, dir, name, flags, mode);
  if (fd < 0 || !looked || fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) return fd;
  if (!existed) note('C', found.st_ino, 0, path, strlen(path));
  else if (flags & O_TRUNC) note('T', found.st_ino, 0, 0, 0);
  return fd;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *name, int flags, ...) { MODE(flags) return open_noted(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return open_noted(AT_FDCWD, name, flags, mode); }
int openat(int dir, const char *name, int flags, ...) { MODE(flags) return open_noted(dir, name, flags, mode); }
int openat64(int dir, const char *name, int flags, ...) { MODE(flags) return open_noted(dir, name, flags, mode); }

int mkdirat(int dir, const char *name, mode_t mode) {
  char path[PATH_MAX];
  struct stat found;
  int done = syscall(SYS_mkdirat, dir, name, mode);
  if (done == 0 && placed(dir, name, path)) {
    if (stat(path, &found) != 0) abort();
    note('M', found.st_ino, 0, path, strlen(path));
  }
  return done;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

/* Names that change or go. */

int unlinkat(int dir, const char *name, int flags) {
  char path[PATH_MAX];
  int done = syscall(SYS_unlinkat, dir, name, flags);
  if (done == 0 && placed(dir, name, path)) note('U', 0, 0, path, strlen(path));
  return done;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int renameat(int from_dir, const char *from, int to_dir, const char *to) {
  char both[2 * PATH_MAX], new_path[PATH_MAX];
  struct stat found;
  int done = syscall(SYS_renameat, from_dir, from, to_dir, to);
  if (done == 0 && placed(from_dir, from, both) && placed(to_dir, to, new_path)) {
    size_t length = strlen(both) + 1;
    strcpy(both + length, new_path);
    if (stat(new_path, &found) != 0) abort();
    note('R', found.st_ino, 0, both, length + strlen(new_path));
  }
  return done;
}
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

/* Contents. */

static void note_write(int fd, const struct iovec *parts, int count, off_t offset) {
  struct stat found;
  if (!watched(fd, &found)) return;
  if (offset < 0) offset = fcntl(fd, F_GETFL) & O_APPEND ? found.st_size : lseek(fd, 0, SEEK_CUR);
  for (int i = 0; i < count; offset += parts[i].iov_len, i++)
    if (parts[i].iov_len) note('W', found.st_ino, offset, parts[i].iov_base, parts[i].iov_len);
}

static void note_size(int fd, off_t size) {
  struct stat found;
  if (watched(fd, &found)) note('T', found.st_ino, size, 0, 0);
}

ssize_t write(int fd, const void *data, size_t length) {
  struct iovec part = {(void *)data, length};
  note_write(fd, &part, 1, -1);
  return syscall(SYS_write, fd, data, length);
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  struct iovec part = {(void *)data, length};
  note_write(fd, &part, 1, offset);
  return syscall(SYS_pwrite64, fd, data, length, offset);
}
ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) { return pwrite(fd, data, length, offset); }
ssize_t writev(int fd, const struct iovec *parts, int count) {
  note_write(fd, parts, count, -1);
  return syscall(SYS_writev, fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  NEXT(pwritev);
  note_write(fd, parts, count, offset);
  return next(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) { return pwritev(fd, parts, count, offset); }

int ftruncate(int fd, off_t size) { note_size(fd, size); return syscall(SYS_ftruncate, fd, size); }
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }
int truncate(const char *name, off_t size) {
  int fd = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return -1;
  int done = ftruncate(fd, size);
  syscall(SYS_close, fd);
  return done;
}
int truncate64(const char *name, off_t size) { return truncate(name, size); }

int posix_fallocate(int fd, off_t offset, off_t length) {
  struct stat found;
  NEXT(posix_fallocate);
  if (watched(fd, &found) && found.st_size < offset + length) note('T', found.st_ino, offset + length, 0, 0);
  return next(fd, offset, length);
}
int posix_fallocate64(int fd, off_t offset, off_t length) { return posix_fallocate(fd, offset, length); }

/* What makes it durable. */

static int synced(int fd, long call) {
  struct stat found;
  if (!watched(fd, &found)) return syscall(call, fd);
  uint64_t who = (uint64_t)getpid() << 32 | (uint32_t)syscall(SYS_gettid);
  note('S', found.st_ino, who, 0, 0);
  int done = syscall(call, fd);
  if (done == 0) note('F', found.st_ino, who, 0, 0);
  return done;
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }
