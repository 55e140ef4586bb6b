// Holds the facets of recorded hosts against the outputs of tools that were recorded with them.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { decodeHostBytes } from '../../agent/host/decode.ts'
import { probes } from '../../agent/probes.generated.ts'
import { sweep } from '../../agent/sweep.ts'
import { silentLog } from '../../runtime/log.ts'
import { createFakeClock } from '../fake-clock.ts'
import { fixtureRoot, openFixtureHost } from '../fixture-host.ts'
import { compareWithTools } from './compare-with-tools.ts'
import { recordingOf } from './recording.ts'

for (const name of ['debian12-hardened', 'debian12-weak']) {
  t.test(`facets of ${name} say what its tools said`, async t => {
    const states = await sweep({
      ...{ host: await openFixtureHost(name), probes, clock: createFakeClock(Date.UTC(2026, 10, 22, 12)) },
      ...{ log: silentLog, probePorts: true, oneShot: true, memories: new Map() },
    })
    const recording = recordingOf(states, command => {
      const path = join(fixtureRoot(name), '..', 'cmd', `${command}.out`)
      return existsSync(path) ? decodeHostBytes(readFileSync(path)) : undefined
    })
    for (const { title, found, printed } of compareWithTools(recording)) t.strictSame(found, printed, title)
  })
}
