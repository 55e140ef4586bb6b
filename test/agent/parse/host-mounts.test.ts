// Tests of telling what of the host a container sees.
import fc from 'fast-check'
import t from 'tap'
import { findHostMounts } from '../../../agent/parse/host-mounts.ts'
import { parseMountinfo } from '../../../agent/parse/mountinfo.ts'

const host = parseMountinfo(`22 1 254:1 / / rw - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw - proc proc rw
24 22 0:22 / /sys rw - sysfs sysfs rw
25 22 0:5 / /dev rw - devtmpfs udev rw
26 22 0:23 / /run rw - tmpfs tmpfs rw
27 22 254:2 / /var/lib/docker rw - ext4 /dev/vdb rw
28 22 254:3 /sub /srv rw - ext4 /dev/vdc rw
29 22 0:31 / /etc/kubernetes rw - overlay overlay rw
30 22 0:50 / /run/containerd/io.containerd.runtime.v2.task/k8s.io/x/rootfs rw - overlay overlay rw
`)
const seen = (...lines: readonly string[]) =>
  findHostMounts(parseMountinfo(lines.map((line, at) => `${at + 500} 400 ${line}\n`).join('')), host).map(
    ({ source, target, kind, readOnly }) => `${source} ${target} ${kind} ${readOnly ? 'ro' : 'rw'}`,
  )

t.test('paths are those of the host, whatever file system they lie on', async t => {
  t.strictSame(seen('254:1 / /host rw - ext4 /dev/vda1 rw'), ['/ /host root rw'])
  t.strictSame(seen('254:1 /etc /etc ro - ext4 /dev/vda1 rw'), ['/etc /etc etc ro'])
  t.strictSame(seen('254:2 / /d rw - ext4 /dev/vdb rw'), ['/var/lib/docker /d runtime rw'])
  t.strictSame(seen('0:23 /containerd/containerd.sock /c.sock rw - tmpfs tmpfs rw'), [
    '/run/containerd/containerd.sock /c.sock socket rw',
  ])
  t.strictSame(seen('254:3 /sub /x rw - ext4 /dev/vdc rw'), ['/srv /x usr rw'])
  t.strictSame(seen('254:3 /other /x rw - ext4 /dev/vdc rw'), [], 'a part that the host itself does not show')
  t.strictSame(seen('0:22 /fs/bpf /sys/fs/bpf rw - sysfs sysfs rw'), ['/sys/fs/bpf /sys/fs/bpf sys rw'])
})

t.test('overlays of the host are the host’s, the root of a container is its own', async t => {
  t.strictSame(seen('0:50 / / rw - overlay overlay rw', '0:31 /pki /pki ro - overlay overlay rw'), [
    '/etc/kubernetes/pki /pki kubernetes ro',
  ])
})

t.test('what every container has says nothing', async t => {
  t.strictSame(
    seen(
      '0:50 / / rw - overlay overlay rw',
      '0:21 / /proc rw - proc proc rw',
      '0:21 /sys /proc/sys ro - proc proc rw',
      '0:22 / /sys ro - sysfs sysfs rw',
      '0:60 / /dev rw - tmpfs tmpfs rw',
      '254:2 /containers/x/hosts /etc/hosts rw - ext4 /dev/vdb rw',
      '254:2 /volumes/data/_data /data rw - ext4 /dev/vdb rw',
      '254:1 /var/lib/kubelet/pods/u/volumes/v /v rw - ext4 /dev/vda1 rw',
      '254:1 /etc/ssl/certs /etc/ssl/certs ro - ext4 /dev/vda1 rw',
    ),
    [],
  )
})

const kindAt = (path: string) => seen(`254:1 ${path} /x rw - ext4 /dev/vda1 rw`)[0]?.split(' ')[2]

t.test('places whose content matters count with all that lies below, others by themselves', async t => {
  const below = {
    kubernetes: ['/etc/kubernetes', '/var/lib/kubelet/pki', '/var/lib/etcd', '/var/lib/rancher'],
    runtime: ['/etc/docker', '/etc/containerd', '/etc/crio', '/etc/cni', '/opt/cni', '/usr/libexec/cni'],
    etc: ['/etc'],
    boot: ['/boot'],
    home: ['/root'],
    proc: ['/proc'],
    sys: ['/sys'],
    dev: ['/dev'],
    run: ['/run/systemd', '/run/dbus', '/run/udev'],
    var: ['/var/spool/cron', '/var/lib/systemd'],
  }
  for (const [kind, paths] of Object.entries(below))
    for (const path of paths) {
      t.equal(kindAt(path), kind, path)
      t.equal(kindAt(`${path}/some`), kind, `${path}/some`)
      t.not(kindAt(`${path}-other`), kind === 'etc' ? 'etc' : kind, `${path}-other`)
    }
  const alone = {
    kubernetes: ['/var/lib/kubelet', '/var/lib/kubelet/pods'],
    runtime: [
      '/var/lib/docker',
      '/var/lib/containerd',
      '/var/lib/containers',
      '/run/containerd',
      '/run/docker',
      '/run/crio',
    ],
    home: ['/home'],
    run: ['/run'],
    var: ['/var', '/var/lib', '/var/log', '/var/run', '/var/spool'],
    usr: ['/usr', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/local', '/usr/local/bin', '/lib', '/opt', '/bin', '/sbin'],
  }
  for (const [kind, paths] of Object.entries(alone))
    for (const path of paths) {
      t.equal(kindAt(path), kind, path)
      t.equal(kindAt(`${path}/some`), undefined, `${path}/some`)
    }
  for (const path of ['/run/k3s', '/run/podman']) t.equal(kindAt(path), 'runtime', path)
  for (const path of ['/lib64', '/mnt']) t.equal(kindAt(path), 'usr', path)
})

t.test('sockets of engines, by name', async t => {
  for (const name of ['docker', 'containerd', 'crio', 'podman', 'cri-dockerd', 'dockershim']) {
    t.equal(kindAt(`/run/${name}.sock`), 'socket', name)
    t.equal(kindAt(`/run/some/where/${name}.sock`), 'socket', name)
  }
  for (const path of ['/data/run/docker.sock', '/run/docker.sock.lock', '/run/mydocker.sock'])
    t.not(kindAt(path), 'socket', path)
})

t.test('files of /etc that say nothing', async t => {
  const plain = ['localtime', 'timezone', 'resolv.conf', 'hosts', 'hostname', 'machine-id']
  const whole = ['ssl', 'pki/ca-trust', 'pki/tls', 'ca-certificates']
  for (const name of [...plain, ...whole, ...whole.map(name => `${name}/a/b`)])
    t.equal(kindAt(`/etc/${name}`), undefined, name)
  for (const name of ['hosts.allow', 'hosts/x', 'ssl-keys', 'pki', 'pki/nssdb', 'xhosts', 'ca-certificates.conf'])
    t.equal(kindAt(`/etc/${name}`), 'etc', name)
  t.equal(kindAt('/home/etc/hosts'), undefined)
})

t.test('file systems that every container has of its own', async t => {
  const alien = (line: string) =>
    findHostMounts(parseMountinfo(`500 400 ${line}\n`), parseMountinfo(`600 1 0:70 / /etc rw - ext4 x rw\n`)).length
  for (const type of ['cgroup', 'cgroup2']) {
    t.equal(alien(`0:70 / /sys/fs/cgroup/x rw - ${type} x rw`), 0, type)
    t.equal(alien(`0:70 / /host/cgroup rw - ${type} x rw`), 1, `${type} at another place`)
  }
  for (const type of ['mqueue', 'devpts']) t.equal(alien(`0:70 / /anywhere rw - ${type} x rw`), 0, type)
  t.equal(alien('0:70 / /sys rw - sysfs x rw'), 0)
  t.equal(alien('0:70 / /host/sys rw - sysfs x rw'), 1)
  t.equal(alien('0:70 / /sys rw - ext4 x rw'), 1)
  t.equal(alien('0:70 / / rw - overlay x rw'), 0)
  t.equal(alien('0:70 / /a rw - overlay x rw'), 1)
  t.equal(alien('0:71 / /a rw - ext4 x rw'), 0, 'a device that the host does not show')
})

t.test('of several mounts of one device, the closest above counts', async t => {
  const several = parseMountinfo(
    '1 0 8:1 / / rw - ext4 x rw\n2 0 8:1 /a /etc rw - ext4 x rw\n3 0 8:1 /a/b /boot rw - ext4 x rw\n',
  )
  for (const order of [several, several.toReversed()]) {
    const sourceOf = (root: string) =>
      findHostMounts(parseMountinfo(`9 8 8:1 ${root} /x rw - ext4 x rw\n`), order)[0]?.source
    t.equal(sourceOf('/a/b/c'), '/boot/c')
    t.equal(sourceOf('/a/bc'), '/etc/bc')
    t.equal(sourceOf('/a'), '/etc')
    t.equal(sourceOf('/etc'), '/etc')
    t.equal(sourceOf('/'), '/')
  }
})

t.test('one source may be seen at several targets, and so many mounts are looked at', async t => {
  t.equal(seen('254:1 /etc /a rw - ext4 x rw', '254:1 /etc /b ro - ext4 x rw').length, 2)
  const many = (count: number) =>
    seen(...Array.from({ length: count }, (_, at) => `254:1 /etc /t${at} rw - ext4 x rw`)).length
  t.equal(many(5000), 5000)
  t.equal(many(5001), 5000)
})

t.test('the host’s /proc at another place is the host’s', async t => {
  t.strictSame(seen('0:21 / /host/proc ro - proc proc rw'), ['/proc /host/proc proc ro'])
})

t.test('whatever the mounts are, every source is a path of the host', async t => {
  const part = fc.constantFrom('/', '/etc', '/etc/kubernetes', '/sub', '/..', '/a b', '')
  const device = fc.constantFrom('254:1', '0:21', '254:3', '9:9')
  fc.assert(
    fc.property(fc.array(fc.tuple(device, part, part)), rows => {
      const own = rows.map(([dev, root, mountPoint]) => ({
        ...{
          id: 1,
          parentId: 1,
          device: dev,
          root,
          mountPoint,
          options: [],
          fsType: 'ext4',
          source: '',
          superOptions: [],
        },
      }))
      return findHostMounts(own, host).every(({ source }) => source.startsWith('/'))
    }),
  )
  t.pass('random mounts')
})
