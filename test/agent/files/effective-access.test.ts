// Who gets at a file, told from the bits and owners of everything on the way, as a process of theirs would find out.
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import t from 'tap'
import { accountNames } from '../../../agent/files/account-names.ts'
import { effectiveAccess } from '../../../agent/files/effective-access.ts'
import { readPathChain } from '../../../agent/files/path-chain.ts'
import { openHost } from '../../../agent/host/open-host.ts'
import { type FixtureHost, hostFrom, rootFrom } from '../../host-from.ts'

const passwd = 'root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\nbob:x:1001:1001::/:/bin/sh\n'
const group = 'root:x:0:\nstaff:x:50:alice\nshadow:x:42:\nbob:x:1001:\n'
const names = accountNames(passwd, group)

async function accessTo(
  t: Parameters<typeof hostFrom>[0],
  path: string,
  files: FixtureHost['files'],
  modes: NonNullable<FixtureHost['modes']> = {},
  who = names,
) {
  const host = await hostFrom(t, { files, modes: { '/': { mode: 0o755, uid: 0, gid: 0 }, ...modes } })
  const chain = await readPathChain(host, path, new Map())
  if ('state' in chain) throw new Error(`${chain.state} ${chain.detail}`)
  return effectiveAccess(chain, who)
}

t.test('only root writes what is root’s, and all read it', async t => {
  const found = await accessTo(t, '/etc/passwd', { '/etc/passwd': '' })
  t.same(found, { writers: [], readers: ['everyone'], writableThrough: '' })
})

t.test('a group reads what its bits allow, an owner always may write', async t => {
  const shadow = { '/etc/shadow': { mode: 0o640, gid: 42 } }
  t.same(await accessTo(t, '/etc/shadow', { '/etc/shadow': '' }, shadow), {
    ...{ writers: [], readers: ['group shadow'], writableThrough: '' },
  })
  const owned = { '/etc/x': { mode: 0o400, uid: 1000 } }
  t.same(await accessTo(t, '/etc/x', { '/etc/x': '' }, owned), {
    ...{ writers: ['user alice'], readers: ['user alice'], writableThrough: '/etc/x' },
  })
})

t.test('who may write a directory on the way may put another file there', async t => {
  const open = { '/etc': { mode: 0o775, gid: 50 } }
  t.same(await accessTo(t, '/etc/cron.d/x', { '/etc/cron.d/x': '' }, open), {
    ...{ writers: ['group staff'], readers: ['everyone'], writableThrough: '/etc' },
  })
  const owned = { '/etc/cron.d': { uid: 1001 } }
  t.match(await accessTo(t, '/etc/cron.d/x', { '/etc/cron.d/x': '' }, owned), {
    ...{ writers: ['user bob'], writableThrough: '/etc/cron.d' },
  })
})

t.test('in a sticky directory only owners of the entry or of the directory may', async t => {
  const files = { '/tmp/x': '' }
  t.match(await accessTo(t, '/tmp/x', files, { '/tmp': { mode: 0o1777 } }), { writers: [] })
  const entry = { '/tmp': { mode: 0o1777 }, '/tmp/x': { uid: 1000 } }
  t.match(await accessTo(t, '/tmp/x', files, entry), { writers: ['user alice'], writableThrough: '/tmp' })
  t.match(await accessTo(t, '/tmp/x', files, { '/tmp': { mode: 0o777 } }), { writers: ['everyone'] })
})

t.test('a closed directory keeps out whom the file itself would let in', async t => {
  const closed = { '/root': { mode: 0o700 }, '/root/x': { mode: 0o666 } }
  t.same(await accessTo(t, '/root/x', { '/root/x': '' }, closed), { writers: [], readers: [], writableThrough: '' })
  const group = { '/srv': { mode: 0o750, gid: 50 }, '/srv/x': { mode: 0o666 } }
  t.match(await accessTo(t, '/srv/x', { '/srv/x': '' }, group), { writers: ['group staff'], readers: ['group staff'] })
  const member = { '/srv': { mode: 0o750, gid: 50 }, '/srv/x': { mode: 0o600, uid: 1000 } }
  t.match(
    await accessTo(t, '/srv/x', { '/srv/x': '' }, member),
    { writers: ['user alice'] },
    'who passes as a member of a group',
  )
  const stranger = { '/srv': { mode: 0o750, gid: 50 }, '/srv/x': { mode: 0o600, uid: 1001 } }
  t.match(await accessTo(t, '/srv/x', { '/srv/x': '' }, stranger), { writers: [] })
})

t.test('who may replace a directory cannot read what is in it', async t => {
  const modes = { '/d': { mode: 0o777 }, '/d/e': { mode: 0o750 } }
  t.same(await accessTo(t, '/d/e/f', { '/d/e/f': '' }, modes), {
    ...{ writers: ['everyone'], readers: [], writableThrough: '/d' },
  })
})

t.test('a symbolic link counts, with the directory it stands in and the way it leads', async t => {
  const files = { '/etc/issue': { symlink: '/var/x/issue' }, '/var/x/issue': '' }
  t.match(await accessTo(t, '/etc/issue', files), { writers: [], readers: ['everyone'] })
  t.match(await accessTo(t, '/etc/issue', files, { '/var/x': { uid: 1000 } }), {
    ...{ writers: ['user alice'], writableThrough: '/var/x' },
  })
  const relative = { '/etc/issue': { symlink: '../var/x/issue' }, '/var/x/issue': '' }
  t.match(await accessTo(t, '/etc/issue', relative, { '/var/x/issue': { mode: 0o666 } }), {
    ...{ writers: ['everyone'], writableThrough: '/var/x/issue' },
  })
})

t.test('group root is root alone unless somebody else is in it', async t => {
  const files = { '/etc/x': '' }
  const modes = { '/etc/x': { mode: 0o660, gid: 0 } }
  t.match(await accessTo(t, '/etc/x', files, modes), { writers: [], readers: [] })
  const crowded = accountNames(passwd, 'root:x:0:alice\n')
  t.match(await accessTo(t, '/etc/x', files, modes, crowded), { writers: ['group root'], readers: ['group root'] })
})

t.test('a class that fits decides alone, and owners without a name are told by number', async t => {
  const modes = { '/etc/x': { mode: 0o604, uid: 4242, gid: 50 } }
  const found = await accessTo(t, '/etc/x', { '/etc/x': '' }, modes)
  t.same(found.readers, ['everyone'], 'members of staff are not among everyone here, which is nobody’s protection')
  t.same(found.writers, ['user 4242'])
})

t.test('a loop, a missing file and a file in the way are failures', async t => {
  const host = await hostFrom(t, { files: { '/a': { symlink: '/b' }, '/b': { symlink: '/a' }, '/f': '' } })
  t.match(await readPathChain(host, '/a', new Map()), { state: 'unreadable', detail: 'ELOOP' })
  t.match(await readPathChain(host, '/nothing/there', new Map()), { state: 'absent' })
  t.match(await readPathChain(host, '/f/there', new Map()), { state: 'absent' })
})

const skip = process.getuid?.() === 0 ? false : 'needs root to become others'

t.test('what is told is what a process of that user can do', { skip }, async t => {
  const root = rootFrom(t, { '/d/e/f': 'x' })
  const host = await openHost({ root, live: false })
  chmodSync(root, 0o755)
  const principals = [
    { name: 'everyone', uid: 4000, gid: 4000 },
    { name: 'user alice', uid: 1000, gid: 1000 },
    { name: 'group staff', uid: 4001, gid: 50 },
  ]
  const mode = fc.constantFrom(0o755, 0o750, 0o700, 0o775, 0o777, 0o1777, 0o711, 0o770, 0o555)
  const fileMode = fc.constantFrom(0o644, 0o640, 0o600, 0o666, 0o664, 0o400, 0o606)
  const uid = fc.constantFrom(0, 1000)
  const gid = fc.constantFrom(0, 50)
  const arbitrary = fc.tuple(fc.tuple(mode, uid, gid), fc.tuple(mode, uid, gid), fc.tuple(fileMode, uid, gid))
  await fc.assert(
    fc.asyncProperty(arbitrary, async rows => {
      for (const [index, [mode, uid, gid]] of rows.entries()) {
        const path = join(root, ...['d', 'e', 'f'].slice(0, index + 1))
        chownSync(path, uid, gid)
        chmodSync(path, mode)
      }
      const chain = await readPathChain(host, '/d/e/f', new Map())
      if ('state' in chain) throw new Error(chain.detail)
      const { readers } = effectiveAccess(chain, accountNames(passwd, 'staff:x:50:\n'))
      for (const { name, uid, gid } of principals) {
        const can = canRead(join(root, 'd/e/f'), uid, gid)
        const told = readers.includes(name) || readers.includes('everyone')
        // Owners may change the mode first, and who may replace the file needs no right to read it.
        if (can && !told) return false
        if (name === 'everyone' && can !== told) return false
      }
      return true
    }),
    { numRuns: 40 },
  )
})

function canRead(path: string, uid: number, gid: number): boolean {
  try {
    execFileSync('/bin/cat', [path], { uid, gid, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
