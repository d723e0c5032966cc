#!/bin/sh
# Erases the disks that are named, after all of them were looked at: one that is in use, and none is erased.
set -eu
fail() { echo "$*" >&2; exit 1; }
mib=8                                   # at each end
sys=/sys/block

fixed() {                               # a disk of its own, not a part of something, that can be written
  [ -e "$sys/$1/device" ] && [ "$(cat "$sys/$1/removable")" = 0 ] && [ "$(cat "$sys/$1/ro")" = 0 ] \
    && [ "$(cat "$sys/$1/size")" -gt 0 ]
}

# The names are checked by the module's schema: nothing in them means anything to a shell.
named=$(printf '%s' "$INPUT_DISKS" | tr -d '[]" \n' | tr ',' ' ')
disks=
for name in $named; do
  if [ "$name" = all ]; then
    for path in "$sys"/*; do
      disk=${path##*/}
      fixed "$disk" && disks="$disks $disk"
    done
  else
    [ -e "$sys/$name" ] || fail "there is no disk $name here"
    fixed "$name" || fail "$name is not a fixed disk that can be written"
    disks="$disks $name"
  fi
done
[ -n "$disks" ] || echo "there is no disk here"

parts() { for path in "$sys/$1/$1"*; do [ -e "$path/partition" ] && echo "${path##*/}"; done; true; }

for disk in $disks; do
  for each in $disk $(parts "$disk"); do
    ! grep -q "^/dev/$each " /proc/mounts /proc/swaps || fail "/dev/$each is in use: nothing was erased"
    held=$(ls "$sys/$disk/holders" "$sys/$disk/$each/holders" 2>/dev/null | grep -v ':$' | tr -d '\n' || true)
    [ -z "$held" ] || fail "/dev/$each is a part of $held: nothing was erased"
  done
done

ends() {                                # $1 device, $2 its size in MiB, rounded up
  count=$mib; [ "$2" -ge "$count" ] || count=$2
  # The last block may be a part of one: dd ends with an error there, and has written it.
  dd if=/dev/zero of="/dev/$1" bs=1048576 count="$count" conv=notrunc 2>/dev/null || true
  [ "$2" -le "$mib" ] || dd if=/dev/zero of="/dev/$1" bs=1048576 seek=$(($2 - mib)) count="$mib" conv=notrunc 2>/dev/null || true
}

size() { cat "$sys/$1/size" 2>/dev/null || cat "$sys/$2/$1/size"; }     # in 512 bytes

blank() {                               # whether both ends read as nothing: a disk may take a write and not do it
  end=$(($2 / 2048 - 1)); [ "$end" -ge 0 ] || end=0
  for at in 0 "$end"; do
    [ "$(dd if="/dev/$1" bs=1048576 skip="$at" count=1 2>/dev/null | tr -d '\000' | wc -c)" -eq 0 ] || return 1
  done
}

wiped=
for disk in $disks; do
  sectors=$(size "$disk" "$disk")
  echo "erasing /dev/$disk ($((sectors / 2048)) MiB, $INPUT_HOW)"
  case $INPUT_HOW in
    quick)
      for part in $(parts "$disk"); do ends "$part" $((($(size "$part" "$disk") + 2047) / 2048)); done
      ends "$disk" $(((sectors + 2047) / 2048)) ;;
    discard) blkdiscard "/dev/$disk" || fail "/dev/$disk cannot forget: use quick or zero"
      ends "$disk" $(((sectors + 2047) / 2048)) ;;
    zero) dd if=/dev/zero of="/dev/$disk" bs=1048576 conv=notrunc 2>/dev/null || true ;;
  esac
  sync
  blank "$disk" "$sectors" || fail "/dev/$disk is not blank: it did not take what was written"
  wiped="$wiped${wiped:+,}\"$disk\""
done
# An undo has no outputs.
[ -z "${FORMWORK_OUTPUTS:-}" ] || [ ! -d "$FORMWORK_OUTPUTS" ] || printf '[%s]' "$wiped" >"$FORMWORK_OUTPUTS/wiped"
