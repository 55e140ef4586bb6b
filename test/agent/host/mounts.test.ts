// Tests of which paths are taken to be remote.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openMounts } from '../../../agent/host/mounts.ts'

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'gabion-mounts-')))
t.teardown(() => rmSync(directory, { recursive: true, force: true }))
mkdirSync(join(directory, 'real'))
symlinkSync('real', join(directory, 'link'))

const mount = (id: number, parent: number, point: string, type: string) =>
  `${id} ${parent} 0:${id} / ${point} rw shared:1 - ${type} source rw\n`
const open = (root: string, text: string) => openMounts(root, () => text)

t.test('network, FUSE and autofs mounts are remote, others are not', async t => {
  const types = [
    'nfs',
    'nfs4',
    'cifs',
    'smb3',
    'ceph',
    '9p',
    'fuse',
    'fuse.sshfs',
    'fuseblk',
    'autofs',
    'virtiofs',
    'lustre',
  ]
  for (const type of types) t.equal(open('/', mount(2, 1, '/mnt/x', type)).remoteType('/mnt/x'), type)
  for (const type of ['ext4', 'xfs', 'btrfs', 'tmpfs', 'overlay', 'vfat', 'zfs', 'fusectl', 'squashfs']) {
    t.equal(open('/', mount(2, 1, '/mnt/x', type)).remoteType('/mnt/x'), '', type)
  }
})

t.test('a remote mount covers itself and what is below it', async t => {
  const mounts = open('/', mount(2, 1, '/mnt/x', 'nfs4') + mount(3, 2, '/mnt/x/inner', 'ext4'))
  t.equal(mounts.remoteType('/mnt/x/a/b'), 'nfs4')
  t.equal(mounts.remoteType('/mnt/x/inner/a'), 'nfs4', 'the way to an inner mount leads through it')
  for (const path of ['/', '/mnt', '/mnt/xy', '/mnt/y/x']) t.equal(mounts.remoteType(path), '', path)
})

t.test('names with spaces are understood', async t => {
  t.equal(open('/', mount(2, 1, '/mnt/my\\040share', 'cifs')).remoteType('/mnt/my share/x'), 'cifs')
})

t.test('mount points are told relative to the root', async t => {
  const root = join(directory, 'real')
  const text = mount(2, 1, `${root}/mnt`, 'nfs') + mount(3, 1, '/mnt', 'cifs') + mount(4, 1, `${root}-other/a`, 'nfs')
  for (const name of [root, `${root}/`, join(directory, 'link')]) {
    const mounts = open(name, text)
    t.equal(mounts.remoteType('/mnt/a'), 'nfs', name)
    t.equal(mounts.remoteType('/other/a'), '', name)
  }
})

t.test('the mount that holds the root is local, for it was named', async t => {
  t.equal(open('/', mount(1, 0, '/', 'nfs')).remoteType('/etc'), '')
  const root = join(directory, 'real')
  t.equal(open(root, mount(2, 1, root, 'fuse.sshfs') + mount(3, 1, directory, '9p')).remoteType('/etc'), '')
})

t.test('an automount point counts by what is mounted on it', async t => {
  const stacked = mount(2, 1, '/boot/efi', 'autofs') + mount(3, 2, '/boot/efi', 'vfat')
  t.equal(open('/', stacked).remoteType('/boot/efi/EFI'), '')
  t.equal(open('/', mount(2, 1, '/net', 'autofs') + mount(3, 2, '/net', 'nfs4')).remoteType('/net'), 'nfs4')
})

t.test('the root of another process is told by that process’s mounts', async t => {
  const mounts = open(
    `/proc/${process.pid}/root/etc`,
    mount(2, 1, '/etc/remote', 'nfs') + mount(3, 1, '/remote', 'nfs'),
  )
  t.equal(mounts.remoteType('/remote/x'), 'nfs')
  t.equal(mounts.remoteType('/etc/remote'), '')
})

t.test('mounts below /proc and /sys of other kinds are foreign', async t => {
  const mounts = open(
    '/',
    mount(2, 1, '/sys/fs/cgroup', 'cgroup2') +
      mount(3, 1, '/sys/kernel/security', 'securityfs') +
      mount(4, 1, '/sys/fs/bpf', 'bpf') +
      mount(5, 1, '/proc/acpi', 'tmpfs'),
  )
  t.equal(mounts.isForeign('/sys/fs/cgroup/x'), false)
  t.equal(mounts.isForeign('/sys/kernel/security/lsm'), false)
  t.equal(mounts.isForeign('/sys/fs/bpf/x'), true)
  t.equal(mounts.isForeign('/proc/acpi'), true)
})

t.test('new mounts are noticed, and an unreadable mountinfo changes nothing', async t => {
  let read = () => ''
  let now = 0
  const mounts = openMounts('/', () => read(), { monotonic: () => now })
  t.equal(mounts.remoteType('/late'), '')
  read = () => mount(2, 1, '/late', 'nfs')
  now += 1500
  t.equal(mounts.remoteType('/late'), 'nfs')
  read = () => {
    throw new Error('EIO')
  }
  now += 1500
  t.equal(mounts.remoteType('/late'), 'nfs')
  t.throws(() => openMounts('/', () => read()), { message: 'EIO' }, 'the first time it is an error')
})
