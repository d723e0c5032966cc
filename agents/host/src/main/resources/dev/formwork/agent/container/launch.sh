# Runs a container, as the first process in namespaces of its own for mounts and processes. $1 is the bundle; $2 says where
# the layer above the image is, in which the container writes: on "disk", or in "memory".
cd "$1" || exit 125
mount -t proc -o nosuid,nodev,noexec proc /proc || exit 125
# The container stays in the agent's control groups, so crun needs to see none; where there are those of both versions it
# would refuse to start.
[ ! -d /sys/fs/cgroup ] || mount -t tmpfs -o nosuid,nodev,noexec tmpfs /sys/fs/cgroup || exit 125
mkdir -p layer root
if [ "$2" = memory ]; then
  mount -t tmpfs -o mode=0755 tmpfs layer || exit 125
fi
mkdir -p layer/upper layer/work
mount -t overlay -o lowerdir=image/root,upperdir=layer/upper,workdir=layer/work overlay root || exit 125
exec crun --root "$1/state" --cgroup-manager=disabled run --bundle "$1" formwork
