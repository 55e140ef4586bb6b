// Which package a file belongs to, by the lists of dpkg and apk.
import t from 'tap'
import { packageOwners } from '../../../agent/files/package-owners.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'

const nothing = { stamp: '', names: new Map<string, string>() }

async function owners(t: Parameters<typeof hostFrom>[0], files: FixtureHost['files'], paths: readonly string[]) {
  return packageOwners(await hostFrom(t, { files, live: false }), paths, nothing)
}

const dpkg = {
  '/bin': { symlink: 'usr/bin' },
  '/usr/bin/su': '',
  '/var/lib/dpkg/status': 'x',
  '/var/lib/dpkg/info/login.list': '/.\n/bin\n/bin/su\n/usr/bin/newgrp\n',
  '/var/lib/dpkg/info/libc6:amd64.list': '/lib/x86_64-linux-gnu/libc.so.6\n/usr/lib/pt_chown\n',
  '/var/lib/dpkg/info/login.md5sums': '/usr/bin/odd\n',
}

t.test('dpkg’s lists are asked, also by the name from before /usr was merged', async t => {
  const found = await owners(t, dpkg, [
    '/usr/bin/su',
    '/usr/bin/newgrp',
    '/usr/lib/pt_chown',
    '/usr/bin/odd',
    '/bin/no',
  ])
  t.same(
    [...(found?.names ?? [])],
    [
      ['/usr/bin/su', 'login'],
      ['/usr/bin/newgrp', 'login'],
      ['/usr/lib/pt_chown', 'libc6'],
      ['/usr/bin/odd', ''],
      ['/bin/no', ''],
    ],
  )
})

t.test('where /bin is a directory of its own, its files are others', async t => {
  const found = await owners(t, { ...dpkg, '/bin': { directory: true } }, ['/usr/bin/su', '/bin/su'])
  t.same([...(found?.names.values() ?? [])], ['', 'login'])
})

t.test('apk’s database is asked', async t => {
  const text = 'P:busybox\nF:bin\nR:busybox\nR:bbsuid\n\nP:sudo\nF:usr/bin\nR:sudo\n'
  const found = await owners(t, { '/lib/apk/db/installed': text }, ['/bin/bbsuid', '/usr/bin/sudo', '/usr/bin/bbsuid'])
  t.same([...(found?.names.values() ?? [])], ['busybox', 'sudo', ''])
})

t.test('without a database, or with one that cannot be read as a whole, nothing is told', async t => {
  t.equal(await owners(t, {}, ['/usr/bin/su']), undefined)
  t.equal(await owners(t, { '/var/lib/dpkg/info/x.list': { fifo: true } }, ['/usr/bin/su']), undefined)
  t.equal((await owners(t, {}, []))?.names.size, 0, 'of no files nothing is to be known')
})

t.test('the answer holds until the database changes or another file is asked for', async t => {
  const host = await hostFrom(t, { files: dpkg, live: false })
  const first = await packageOwners(host, ['/usr/bin/su'], nothing)
  t.equal(await packageOwners(host, ['/usr/bin/su'], first ?? nothing), first)
  t.not(await packageOwners(host, ['/usr/bin/newgrp'], first ?? nothing), first)
  const stale = { stamp: 'other', names: new Map([['/usr/bin/su', 'wrong']]) }
  t.equal((await packageOwners(host, ['/usr/bin/su'], stale))?.names.get('/usr/bin/su'), 'login')
})
