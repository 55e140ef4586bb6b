// How well-known directories are mounted, held against findmnt of a recorded machine.
import t from 'tap'
import { mountOf, readMountRows } from '../../../agent/files/mount-rows.ts'
import { parseMountinfo } from '../../../agent/parse/mountinfo.ts'
import { Gaps } from '../../../agent/probe.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'

async function rowsOf(t: Parameters<typeof hostFrom>[0], files: FixtureHost['files'], live = true) {
  const gaps = new Gaps()
  const rows = await readMountRows(await hostFrom(t, { files, live }), gaps)
  return { rows: new Map(rows?.map(row => [row.path, row])), known: rows !== undefined, gaps: gaps.rows }
}

interface Printed {
  readonly target: string
  readonly fstype: string
  readonly options: string
  readonly children?: readonly Printed[]
}
const all = (printed: readonly Printed[]): readonly Printed[] =>
  printed.flatMap(one => [one, ...all(one.children ?? [])])

t.test('options are those that findmnt printed', async t => {
  const rows = await readMountRows(await openFixtureHost('debian12-vm'), new Gaps())
  const printed = all(JSON.parse(fixtureCommand('debian12-vm', 'findmnt')).filesystems)
  t.ok(rows && rows.length > 0)
  for (const row of rows ?? []) {
    const mount = printed.findLast(({ target }) => target === row.mountPoint)
    t.equal(row.fsType, mount?.fstype, row.path)
    const options = new Set(mount?.options.split(','))
    for (const option of ['nodev', 'nosuid', 'noexec'] as const) t.equal(row[option], options.has(option), option)
    t.equal(row.readOnly, options.has('ro'))
  }
})

const table = `20 1 8:1 / / rw,relatime - ext4 /dev/a rw
21 20 0:30 / /tmp rw,nosuid,nodev,noexec - tmpfs tmpfs rw
22 20 8:2 / /var rw,nodev - ext4 /dev/b ro
23 20 8:3 / /home rw - xfs /dev/c rw
24 20 8:4 / /home rw,nosuid - xfs /dev/d rw
`

t.test('a directory is separate when something is mounted right there; the topmost mount counts', async t => {
  const directories = ['/tmp', '/var/log', '/home', '/boot']
  const files = Object.fromEntries(directories.map(path => [path, { directory: true } as const]))
  const { rows, gaps } = await rowsOf(t, { ...files, '/proc/1/mountinfo': table, '/var/tmp': { symlink: '/tmp' } })
  t.match(rows.get('/tmp'), {
    separate: true,
    fsType: 'tmpfs',
    nodev: true,
    nosuid: true,
    noexec: true,
    readOnly: false,
  })
  t.match(rows.get('/var/tmp'), { mountPoint: '/tmp', separate: true, noexec: true }, 'where its link leads')
  t.match(rows.get('/var/log'), { mountPoint: '/var', separate: false, nodev: true, nosuid: false, readOnly: true })
  t.match(rows.get('/home'), { separate: true, nosuid: true })
  t.match(rows.get('/boot'), { mountPoint: '/', separate: false, nodev: false })
  t.equal(rows.has('/dev/shm'), false, 'what is not there has no row')
  t.same(gaps, [])
})

t.test('an offline root, and a mount table that cannot be read, are gaps', async t => {
  t.match(await rowsOf(t, {}, false), { known: false, gaps: [{ field: 'mounts', detail: 'offline root' }] })
  t.match(await rowsOf(t, {}), { known: false, gaps: [{ field: 'mounts', effect: 'omitted', state: 'unavailable' }] })
  t.match(await rowsOf(t, { '/proc/1/mountinfo': { fifo: true } }), { gaps: [{ state: 'notRegular' }] })
})

t.test('a mount point that begins like a path does not hold it', async t => {
  const mounts = parseMountinfo(table)
  t.equal(mountOf(mounts, '/tmpfiles')?.mountPoint, '/')
  t.equal(mountOf(mounts, '/tmp/x/y')?.mountPoint, '/tmp')
  t.equal(mountOf([], '/'), undefined)
})
