// Whose numbers are known, and when nobody can say.
import t from 'tap'
import { readKnownOwners } from '../../../agent/files/known-owners.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'

const accounts = {
  '/etc/passwd': 'root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n',
  '/etc/group': 'root:x:0:\nalice:x:1000:\nstaff:x:50:\n',
}

async function ownersOf(t: Parameters<typeof hostFrom>[0], files: FixtureHost['files'] = {}) {
  return readKnownOwners(await hostFrom(t, { files: { ...accounts, ...files }, live: false }))
}

t.test('users and groups of the files are known, others are not', async t => {
  const { isKnownUid, isKnownGid, unknown } = await ownersOf(t)
  t.same([0, 1000, 50, 1001].map(isKnownUid), [true, true, false, false])
  t.same([0, 1000, 50, 1001].map(isKnownGid), [true, true, true, false])
  t.equal(unknown, '')
})

t.test('users that systemd makes, and those of a user’s containers, belong to somebody', async t => {
  const { isKnownUid, isKnownGid } = await ownersOf(t, {
    '/etc/subuid': 'alice:100000:65536\nbroken:x:\n',
    '/etc/subgid': 'alice:200000:10\n',
  })
  t.same([61_184, 65_519, 65_520, 100_000, 165_535, 165_536].map(isKnownUid), [true, true, false, true, true, false])
  t.same([100_000, 200_009, 200_010].map(isKnownGid), [false, true, false])
})

t.test('where users also come from elsewhere nobody is called a stranger', async t => {
  for (const [line, source] of [
    ['passwd: files sss', 'sss'],
    ['passwd: files\ngroup: files [SUCCESS=return] ldap # x', 'ldap'],
    ['group: compat nis', 'nis'],
    ['passwd: files \u001b[2J', 'another source'],
  ]) {
    const { isKnownUid, unknown } = await ownersOf(t, { '/etc/nsswitch.conf': `${line}\n` })
    t.ok(isKnownUid(4711))
    t.equal(unknown, `/etc/nsswitch.conf: users also come from ${source}`)
  }
  const local = 'passwd: files systemd # ldap\ngroup: files [SUCCESS=merge] systemd\nhosts: files dns\n'
  t.equal((await ownersOf(t, { '/etc/nsswitch.conf': local })).unknown, '')
})

t.test('without a passwd file that can be read nobody is called a stranger', async t => {
  const { isKnownGid, unknown } = await ownersOf(t, { '/etc/passwd': { fifo: true } })
  t.ok(isKnownGid(4711))
  t.equal(unknown, '/etc/passwd: fifo')
})
