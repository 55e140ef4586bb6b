// Who is logged in on systems that have no utmp and no lastlog any more.
import t from 'tap'
import { accounts } from '../../../agent/probes/accounts.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'
import { runProbe } from '../../run-probe.ts'

const session = (user: string, leader: number, extra = '') =>
  `UID=1000\nUSER=${user}\nSTATE=active\nREMOTE=1\nCLASS=user\nTTY=pts/1\nREMOTE_HOST=10.0.2.2\nLEADER=${leader}\nREALTIME=1795304131123456\n${extra}`
const base = {
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n',
  ...littleProc({ pid: 1, executable: '/usr/lib/systemd/systemd' }, { pid: 812, executable: '/usr/sbin/sshd' }),
}

async function look(t: Parameters<typeof hostFrom>[0], files: Readonly<Record<string, FixtureFile>>) {
  const state = await runProbe(accounts, await hostFrom(t, { files: { ...base, ...files } }))
  if (state.state !== 'present') throw new Error(state.reason.detail)
  const gaps = state.facts['gaps'] as unknown as readonly { readonly field: string; readonly source: string }[]
  return {
    sessions: state.observations['sessions'],
    gaps: gaps.map(({ field, source }) => `${field} ${source}`).filter(gap => /^(?:sessions|lastLogins) /.test(gap)),
  }
}

t.test('utmp is gone: sessions are those of systemd-logind whose leader runs', async t => {
  const { sessions, gaps } = await look(t, {
    '/run/systemd/sessions/5': session('alice', 812),
    '/run/systemd/sessions/5.ref': { fifo: true },
    '/run/systemd/sessions/c1': session('ghost', 77),
    '/run/systemd/sessions/6': 'torn',
  })
  t.strictSame(sessions, [{ user: 'alice', line: 'pts/1', from: '10.0.2.2', since: '2026-11-21T23:35:31Z' }])
  t.strictSame(gaps, [])
})

t.test('where neither is there nobody is known to be logged in; what cannot be read is a gap', async t => {
  t.strictSame(await look(t, {}), { sessions: [], gaps: [] })
  t.strictSame(await look(t, { '/run/systemd/sessions': { fifo: true } }), {
    sessions: [],
    gaps: ['sessions /run/systemd/sessions'],
  })
})

t.test('a flood of sessions is cut and told', async t => {
  const files = Object.fromEntries(
    Array.from({ length: 1_100 }, (_, i) => [`/run/systemd/sessions/${i + 1}`, session('alice', 812, `X=${i}\n`)]),
  )
  t.strictSame((await look(t, files)).gaps, ['sessions /run/systemd/sessions'])
})

t.test('a database of lastlog2 in place of lastlog is told, not taken for nobody', async t => {
  t.strictSame((await look(t, { '/var/lib/lastlog/lastlog2.db': 'SQLite format 3' })).gaps, [
    'lastLogins /var/lib/lastlog/lastlog2.db',
  ])
})
