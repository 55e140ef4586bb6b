// The resident agent's first sweep: nothing that changes while it runs goes unseen.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openHost } from '../../agent/host/open-host.ts'
import { absent, defineProbe, watch } from '../../agent/probe.ts'
import { createResident } from '../../agent/resident.ts'
import { SelinuxFacet } from '../../proto/facets/selinux.ts'
import { systemClock } from '../../runtime/clock.ts'
import { silentLog } from '../../runtime/log.ts'

t.test('a file that changes just after the first sweep read it is read again', async t => {
  const root = t.testdir({ etc: { watched: 'before' } })
  const path = join(root, 'etc/watched')
  const read: string[] = []
  const stop = new AbortController()
  const probe = defineProbe({
    facet: SelinuxFacet,
    triggers: [watch('/etc/watched')],
    async run() {
      read.push(readFileSync(path, 'utf8'))
      if (read.length === 1) writeFileSync(path, 'after')
      else stop.abort()
      return absent('notInstalled', 'a test')
    },
  })
  const alive = setInterval(() => undefined, 1_000)
  t.teardown(() => clearInterval(alive))
  const options = { host: await openHost({ root }), probes: [probe], log: silentLog, probePorts: false }
  await createResident({
    ...options,
    clock: systemClock,
    outbox: { add: () => undefined, repeat: () => undefined },
  }).run(stop.signal)
  t.same(read, ['before', 'after'])
})
