#!/bin/bash
# Start systemd as process 1 over a copy of a Debian that costs nothing: `unshare … boot.sh DEBIAN WORK`.
# Its mounts, processes and network are its own; WORK has what it writes.
set -euo pipefail
debian=$1 work=$2 root=$2/root
mount --make-rprivate /
mkdir -p "$work/upper" "$work/under" "$root"
mount -t overlay overlay -o "lowerdir=$debian,upperdir=$work/upper,workdir=$work/under" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
cd "$root"
mkdir -p .old
pivot_root . .old
umount -l /.old
hostname rented
exec env -i container=ruban PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd </dev/null
