// A running collector tells a receiver on loopback what turned on a host that speaks over the wire.

import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { smallState } from '../../small-facet.ts'
import { fillFleet } from '../fill-fleet.ts'
import { startTestCollector } from '../start-collector.ts'
import { startHttpReceiver } from './http-receiver.ts'
import { signingSecret, webhookOf } from './receiver-config.ts'

interface Told {
  readonly type: string
  readonly data: { readonly id: string; readonly changes: readonly Record<string, unknown>[] }
}

t.test('a failure and its end reach a webhook, signed', async t => {
  const receiver = await startHttpReceiver(t)
  const directory = t.testdir({ data: {} })
  const receivers = [webhookOf(directory, receiver.url)]
  const collector = await startTestCollector(t, { receivers, dataDirectory: join(directory, 'data') })
  const [host] = await fillFleet(t, collector, 1, { value: () => 1, labels: () => ({ role: 'db' }) })
  while (!(await collector.store.read.receiver('ops'))) await setImmediate()
  await host?.agent.deliver(2, smallState({ a: 20 }))
  const [first] = await receiver.until(1)
  const told = new Webhook(signingSecret).verify(first?.body ?? '', first?.headers ?? {}) as Told
  t.match(told, {
    type: 'gabion.changes',
    data: {
      id: first?.headers['webhook-id'],
      changes: [
        {
          ...{ status: 'failing', kind: 'result', subject: 'values-small', severity: 'high', from: 'pass', to: 'fail' },
          host: { id: host?.id, name: 'node-000', labels: { role: 'db' } },
        },
      ],
    },
  })
  await host?.agent.deliver(3, smallState({ a: 1 }))
  const [, second] = await receiver.until(2)
  t.match(JSON.parse(second?.body ?? ''), { data: { changes: [{ status: 'resolved', from: 'fail', to: 'pass' }] } })
  t.not(second?.headers['webhook-id'], first?.headers['webhook-id'])
})
