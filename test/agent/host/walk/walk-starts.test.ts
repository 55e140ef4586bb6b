// Which file systems of a mount table are walked.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { walkStarts } from '../../../../agent/host/walk/walk-starts.ts'
import { fixtureRoot } from '../../../fixture-host.ts'

let id = 100
const row = (mountPoint: string, fsType: string, device: string, root = '/') => {
  id += 1
  return `${id} 1 ${device} ${root} ${mountPoint} rw,relatime - ${fsType} /dev/x rw`
}
const paths = (rows: readonly string[], prefix = '') => walkStarts(rows.join('\n'), prefix).map(({ path }) => path)

t.test('of the recorded machine they are the root file system and what is in memory', async t => {
  const text = readFileSync(join(fixtureRoot('debian12-vm'), 'proc/1/mountinfo'), 'utf8')
  t.same(
    walkStarts(text, '').map(({ path, fsType }) => `${fsType} ${path}`),
    ['ext4 /', 'tmpfs /run', 'tmpfs /run/lock'],
  )
})

t.test('local disks and memory are walked; network, FUSE, images and pseudo file systems are not', async t => {
  const table = [
    row('/', 'ext4', '8:1'),
    row('/home', 'xfs', '8:2'),
    row('/tmp', 'tmpfs', '0:40'),
    row('/mnt/nfs', 'nfs4', '0:50'),
    row('/mnt/cloud', 'fuse.sshfs', '0:51'),
    row('/mnt/auto', 'autofs', '0:52'),
    row('/snap/core/1', 'squashfs', '7:1'),
    row('/boot/efi', 'vfat', '8:3'),
    row('/proc', 'proc', '0:20'),
    row('/dev/shm', 'tmpfs', '0:21'),
  ]
  t.same(paths(table), ['/', '/home', '/tmp'])
})

t.test('layers and volumes of containers are not walked, wherever they are mounted', async t => {
  const table = [
    row('/', 'ext4', '8:1'),
    row('/var/lib/docker', 'xfs', '8:2'),
    row('/var/lib/docker/overlay2/x/merged', 'overlay', '0:60'),
    row('/var/lib/kubelet/pods/u/volumes/kubernetes.io~empty-dir/x', 'tmpfs', '0:61'),
    row('/home/a/.local/share/containers/storage', 'ext4', '8:3'),
    row('/var/lib/kubelet', 'ext4', '8:4'),
  ]
  t.same(paths(table), ['/', '/var/lib/kubelet'])
})

t.test('a bind mount of what is walked anyway is left out, another subvolume is not', async t => {
  const binds = [row('/', 'ext4', '8:1'), row('/srv', 'ext4', '8:1', '/home/x'), row('/mnt', 'ext4', '8:1')]
  t.same(paths(binds), ['/'])
  const btrfs = [
    row('/', 'btrfs', '0:30', '/@'),
    row('/var', 'btrfs', '0:30', '/@var'),
    row('/x', 'btrfs', '0:30', '/@/y'),
  ]
  t.same(paths(btrfs), ['/', '/var'])
})

t.test('below another root only its own mounts count, and the root itself whatever its type', async t => {
  const table = [
    row('/', 'ext4', '8:1'),
    row('/host', 'overlay', '0:9'),
    row('/host/home', 'ext4', '8:2'),
    row('/hostile', 'ext4', '8:3'),
  ]
  t.same(walkStarts(table.join('\n'), '/host'), [
    { path: '/', fsType: 'overlay' },
    { path: '/home', fsType: 'ext4' },
  ])
  t.same(paths(['junk', ''], '/image'), ['/'], 'a directory that is no mount')
})
