// Failures that hold are told again, until the drift says that they ended, or the store shows it.
import t, { type Test } from 'tap'
import type { ToldChange } from '../../../collector/notify/message.ts'
import { SendError } from '../../../collector/notify/send-error.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { recordingLog } from '../../recording-log.ts'
import { openDriftStore } from './drift-store.ts'
import { startTelling } from './telling.ts'

async function begin(t: Test) {
  const clock = createFakeClock()
  const drifting = await openDriftStore(t, clock, { directory: t.testdir({}) })
  const told: string[] = []
  let failing = false
  const say = (what: string) => async (changes: readonly ToldChange[]) => {
    if (failing) throw new SendError('am: answered 503')
    told.push(`${what} ${changes.map(({ host, subject }) => `${host.name}/${subject}`).join(' ')}`)
  }
  const { log, lines } = recordingLog()
  const config = { groupWait: '0s', groupInterval: '1s', filter: { kinds: ['result', 'facet', 'fact'] } }
  const repeating = { everyMs: 60_000, repeat: say('repeat'), end: say('end') }
  const telling = startTelling(t, { store: drifting.store, clock, config, repeating, log })
  await telling.asleep()
  const minute = async () => {
    told.length = 0
    telling.ring()
    await telling.advance(60_000)
    return [...told]
  }
  const setFailing = (value: boolean) => {
    failing = value
  }
  return { ...drifting, telling, minute, setFailing, lines }
}

t.test('a failure is told again each minute, until it is resolved', async t => {
  const { host, turn, minute, store, drift } = await begin(t)
  const one = await host('one')
  await turn([one], 'ssh-root-login', 'pass', 'fail')
  await drift(one, {})
  t.same(await minute(), ['repeat one/ssh-root-login'])
  t.same(await minute(), ['repeat one/ssh-root-login'])
  await turn([one], 'ssh-root-login', 'fail', 'pass')
  await minute()
  t.same(await minute(), [])
  t.same(await store.read.alerts('ops', 10), [])
})

t.test('what ends without a change that says so is ended, too', async t => {
  const { host, turn, minute, store } = await begin(t)
  const [gone, retired, waived, stays] = [
    await host('gone'),
    await host('retired'),
    await host('waived'),
    await host('stays'),
  ]
  await turn([gone, retired, waived, stays], 'ssh-root-login', 'pass', 'fail')
  t.equal((await minute()).length, 1)
  const { items } = await store.read.hosts({ connected: new Set(), sort: 'hostname' }, { limit: 10 })
  const idOf = (name: string) => items.find(({ hostname }) => hostname === name)?.id ?? ''
  await store.write(async transaction => {
    await transaction.deleteHost(idOf('gone'))
    await transaction.retireHost(idOf('retired'), '', 1)
    const result = { check: 'ssh-root-login', state: 'fail', severity: 'critical', detail: '' } as const
    const times = { sinceMs: 1, failingSinceMs: 1, validUntilMs: 0 }
    await transaction.putResults(waived, [{ ...result, ...times, waiver: 'w-1' }], 1)
  })
  const [ended, repeated] = await minute()
  t.same(ended?.split(' ').slice(1).sort(), ['gone/ssh-root-login', 'retired/ssh-root-login', 'waived/ssh-root-login'])
  t.equal(repeated, 'repeat stays/ssh-root-login')
})

t.test('a receiver that is away is told the next time, and nothing else waits for it', async t => {
  const { host, turn, minute, setFailing, lines, telling, store } = await begin(t)
  const one = await host('one')
  setFailing(true)
  await turn([one], 'ssh-root-login', 'pass', 'fail')
  t.same(await minute(), [])
  t.equal(telling.sent.length, 1, 'messages have their own retries')
  t.match(lines, [
    { level: 'warn', message: 'alerts that hold could not be told again', fields: { reason: 'am: answered 503' } },
  ])
  t.ok(telling.counted.includes('failed'), 'it is counted as what alerts are made of')
  t.match(await store.read.receiver('ops'), { lastError: 'am: answered 503' })
  setFailing(false)
  t.same(await minute(), ['repeat one/ssh-root-login'])
  t.equal(telling.counted.at(-1), 'delivered')
  t.match(await store.read.receiver('ops'), { lastError: '' })
})
