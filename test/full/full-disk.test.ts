// A disk without room under the collector's data: it says so instead of looking ready, and goes on when there is room.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { fillFleet } from '../collector/fill-fleet.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { smallState } from '../small-facet.ts'
import { skipFull } from '../tools.ts'

const mountPoint = mkdtempSync(join(tmpdir(), 'gabion-full-disk-'))
t.teardown(() => rmSync(mountPoint, { recursive: true, force: true }))
const isMounted = () => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', mountPoint]).status === 0
const skip = skipFull('mount') || (isMounted() ? false : 'needs the right to mount a tmpfs')

t.test('a full disk is told, and room is noticed', { skip }, async t => {
  t.teardown(() => execFileSync('umount', [mountPoint]))
  const collector = await startTestCollector(t, { dataDirectory: mountPoint })
  const [host] = await fillFleet(t, collector, 1)
  const readiness = async () => {
    const response = await fetch(`${collector.base}/readyz`)
    return { status: response.status, text: await response.text() }
  }
  t.match(await readiness(), { status: 200 })
  const ballast = join(mountPoint, 'ballast')
  const { bavail, bsize } = statfsSync(mountPoint)
  writeFileSync(ballast, Buffer.alloc(bavail * bsize))
  let sequence = 2
  // What the log beside the database has room for is still kept: every answer is true.
  const state = () => smallState({ a: sequence }, 'x'.repeat(50_000) + sequence)
  let accepted = 0
  for (let attempt = 0; attempt < 500 && (await readiness()).status === 200; attempt++) {
    await host?.agent.deliver(sequence, state()).then(
      () => {
        accepted = sequence++
      },
      () => undefined,
    )
  }
  t.match(await readiness(), { status: 503, text: /the database cannot be written: .*full/ })
  t.equal((await fetch(`${collector.base}/healthz`)).status, 200)
  t.equal((await fetch(`${collector.base}/api/v1/hosts`)).status, 200, 'what is known is still answered')
  rmSync(ballast)
  t.match(await readiness(), { status: 200 })
  const [again] = await fillFleet(t, collector, 1, { hostname: () => 'after' })
  t.ok(again, 'it takes changes again')
  const { facts } = await collector.get<{ facts: { rows: { value: number }[] } }>(`hosts/${host?.id}/facets/small`)
  t.ok((facts.rows[0]?.value ?? 0) >= accepted, 'and lost nothing that it acknowledged')
})
