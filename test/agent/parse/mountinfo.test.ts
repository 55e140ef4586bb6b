// Tests of the mountinfo parser.
import fc from 'fast-check'
import t from 'tap'
import { parseMountinfo, unescapeMountField } from '../../../agent/parse/mountinfo.ts'

const debian = `21 26 0:19 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
25 26 0:22 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,size=202704k,mode=755,inode64
26 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard,errors=remount-ro
41 22 0:33 / /proc/sys/fs/binfmt_misc rw,relatime shared:15 - autofs systemd-1 rw,fd=29,pgrp=1,timeout=0,direct
`

t.test('mounts of a Debian 12 host', async t => {
  const mounts = parseMountinfo(debian)
  t.equal(mounts.length, 4)
  t.same(mounts[2], {
    id: 26,
    parentId: 1,
    device: '254:1',
    root: '/',
    mountPoint: '/',
    options: ['rw', 'relatime'],
    fsType: 'ext4',
    source: '/dev/vda1',
    superOptions: ['rw', 'discard', 'errors=remount-ro'],
  })
  t.equal(mounts[3]?.fsType, 'autofs')
})

t.test('several optional fields, and none, stand before the separator', async t => {
  const [many] = parseMountinfo(
    '36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 propagate_from:2 unbindable - ext3 /dev/root rw',
  )
  t.match(many, { root: '/mnt1', mountPoint: '/mnt2', fsType: 'ext3', source: '/dev/root' })
  const [none] = parseMountinfo('36 35 98:0 / /x rw - 9p host rw')
  t.match(none, { mountPoint: '/x', fsType: '9p' })
})

t.test('a mount point named like the separator is no separator', async t => {
  const [mount] = parseMountinfo('36 35 0:9 / - rw - tmpfs - rw')
  t.match(mount, { mountPoint: '-', fsType: 'tmpfs', source: '-' })
})

t.test('octal escapes of the kernel are undone, and only those', async t => {
  t.equal(unescapeMountField('/a\\040b\\011c\\012d\\134e'), '/a b\tc\nd\\e')
  t.equal(unescapeMountField('/a\\04'), '/a\\04')
  t.equal(unescapeMountField('/a\\177'), '/a\x7f')
  t.equal(unescapeMountField('/a\\200\\377'), '/a\\200\\377', 'bytes of other encodings are not escaped by the kernel')
  t.equal(unescapeMountField('/a\\999\\xyz'), '/a\\999\\xyz')
  t.equal(unescapeMountField('/a\\134040'), '/a\\040', 'an escaped backslash is not the start of another escape')
})

t.test('an empty source and missing super options are empty', async t => {
  t.match(parseMountinfo('1 0 0:1 / / rw - tmpfs  rw')[0], { source: '', superOptions: ['rw'] })
  t.match(parseMountinfo('1 0 0:1 / / rw - tmpfs')[0], { source: '', superOptions: [] })
  t.strictSame(parseMountinfo('1 0 0:1 / / rw - tmpfs')[0]?.superOptions, [])
  t.strictSame(parseMountinfo('1 0 0:1 / / rw - tmpfs x ,a,,b')[0]?.superOptions, ['a', 'b'])
})

t.test('lines that are not mounts are left out', async t => {
  t.same(parseMountinfo(''), [])
  for (const ids of ['x1 2', '1x 2', '1 x2', '1 2x', 'x 2', '1 x', '12345678901 2'])
    t.same(parseMountinfo(`${ids} 0:1 / / rw - ext4 x rw`), [], ids)
  t.same(parseMountinfo('\n\n\0\n'), [])
  t.same(parseMountinfo('a b 0:1 / / rw - ext4 x rw'), [])
  t.same(parseMountinfo(`1 0 0:1 / / rw ${'shared:1 '.repeat(10_000)}`), [])
})

t.test('every prefix of a valid file gives a prefix of its mounts', async t => {
  const whole = parseMountinfo(debian)
  for (let length = 0; length <= debian.length; length += 1) {
    const some = parseMountinfo(debian.slice(0, length))
    const complete = debian.slice(0, length).split('\n').length - 1
    if (some.length < complete || some.length > whole.length) t.fail(`prefix of ${length}`)
    t.same(some.slice(0, complete), whole.slice(0, complete), `prefix of ${length}`)
  }
})

t.test('a name with any printable bytes survives the way through the kernel’s escapes', async t => {
  const name = fc.string({
    unit: fc.constantFrom('a', ' ', '\t', '\n', '\\', '-', '0', '4', 'ü', '\udc80'),
    minLength: 1,
  })
  fc.assert(
    fc.property(name, text => {
      const octal = (char: string) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`
      const escaped = text.replace(/[ \t\n\\]/g, octal)
      const [mount] = parseMountinfo(`7 1 0:5 / /${escaped} rw shared:1 - nfs4 server:/${escaped} rw`)
      t.equal(mount?.mountPoint, `/${text}`)
      t.equal(mount?.source, `server:/${text}`)
    }),
    { numRuns: 200 },
  )
})

t.test('any text is read without an error', async t => {
  fc.assert(
    fc.property(fc.string(), text => {
      t.ok(Array.isArray(parseMountinfo(text)))
    }),
    { numRuns: 200 },
  )
})
