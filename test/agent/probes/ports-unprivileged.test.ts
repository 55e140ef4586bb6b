// Runs the probe `ports` on this machine as a user without rights: what it cannot know it must not claim.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { FacetState } from '../../../proto/facet.ts'
import type { PortsFacts } from '../../../proto/facets/ports.ts'
import { presentFacts } from '../../run-probe.ts'

const nobody = 65_534
const root = join(import.meta.dirname, '../../..')

/**
 * Gives up user 0 and with it every capability, once everything is loaded (a checkout may be readable to root only);
 * then listens itself, runs the probe and prints `{ own, state }`.
 */
const program = `
import { createServer } from 'node:net'
import { once } from 'node:events'
const { openHost } = await import('${root}/agent/host/open-host.ts')
const { ports } = await import('${root}/agent/probes/ports.ts')
const { runProbe } = await import('${root}/test/run-probe.ts')
if (process.getuid() === 0) {
  process.setgroups([])
  process.setgid(${nobody})
  process.setuid(${nobody})
}
const server = createServer().listen(0, '127.0.0.1')
await once(server, 'listening')
const state = await runProbe(ports, await openHost({ root: '/' }), { oneShot: true })
process.stdout.write(JSON.stringify({ own: server.address().port, state }))
server.close()
`

t.test('without CAP_SYS_PTRACE the holders of other users’ sockets are a gap, not nobody', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  const ours = typeof address === 'object' ? address?.port : undefined

  const isRoot = process.getuid?.() === 0
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
    cwd: '/',
  })
  const { own, state } = JSON.parse(printed) as { own: number; state: FacetState }
  const { listeners, gaps } = presentFacts(state) as unknown as PortsFacts

  const mine = listeners.find(({ port, address }) => port === own && address === '127.0.0.1')
  t.match(mine?.holders, [{ uid: isRoot ? nobody : process.getuid?.() }], 'its own socket is told with its holder')
  const other = listeners.find(({ port, address }) => port === ours && address === '127.0.0.1')
  t.ok(other, 'a socket of another user is told')
  if (isRoot) t.notOk('holders' in (other ?? {}), 'without holders')
  t.match(
    gaps.filter(({ field }) => field === 'listeners.holders'),
    [
      {
        effect: isRoot ? 'omitted' : /./,
        source: '/proc/PID/fd',
        state: 'unreadable',
        detail: /EACCES.*CAP_SYS_PTRACE/,
      },
    ],
  )
})
