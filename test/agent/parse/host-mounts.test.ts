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
