// What a receiver is told, when, and what becomes of messages that it does not take.
import t, { type Test } from 'tap'
import { SendError } from '../../../collector/notify/send-error.ts'
import { LostReceiver } from '../../../collector/notify/telling.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { recordingLog } from '../../recording-log.ts'
import { openDriftStore } from './drift-store.ts'
import { startTelling, type TellingOptions } from './telling.ts'

async function begin(t: Test, options: Partial<TellingOptions> = {}) {
  const clock = createFakeClock()
  const drifting = await openDriftStore(t, clock, { directory: t.testdir({}) })
  const telling = startTelling(t, { store: drifting.store, clock, ...options })
  await telling.asleep()
  return { clock, ...drifting, telling }
}

const texts = (changes: readonly { readonly text: string }[] = []) => changes.map(({ text }) => text)

t.test('changes of half a minute are one message, and those of five minutes the next', async t => {
  const { clock, telling, host, turn, store } = await begin(t)
  const one = await host('one', { role: 'db' })
  const startedMs = clock.now()
  await turn([one], 'ssh-root-login', 'pass', 'fail')
  await telling.advance(10_000)
  await turn([one], 'ssh-banner', 'pass', 'fail')
  telling.ring()
  const [first] = await telling.until(1)
  t.ok(clock.now() - startedMs >= 30_000, 'not before half a minute')
  t.match(first, {
    ...{ id: /^msg_[0-9a-f]{32}$/, isTest: false, group: {}, more: 0, dropped: 0 },
    changes: [
      {
        ...{
          status: 'failing',
          kind: 'result',
          subject: 'ssh-root-login',
          severity: 'critical',
          from: 'pass',
          to: 'fail',
        },
        ...{ title: 'Title of ssh-root-login', host: { name: 'one', labels: { role: 'db' } } },
      },
      { subject: 'ssh-banner', severity: 'low' },
    ],
  })
  const toldMs = clock.now()
  await turn([one], 'ssh-root-login', 'fail', 'pass')
  const [, second] = await telling.until(2)
  t.ok(clock.now() - toldMs >= 300_000, 'not before five minutes')
  t.match(second, { changes: [{ status: 'resolved', from: 'fail', to: 'pass' }] })
  t.equal(second?.changes.length, 1)
  await telling.advance(400_000)
  t.same(await store.read.notificationGroups('ops'), [], 'what was told is forgotten')
  t.same(telling.counted, ['delivered', 'delivered'])
  t.match(await store.read.receivers(), [{ name: 'ops', messages: 0, dropped: 0, lastError: '' }])
})

t.test('what turned and turned back before it was told did not happen, and the same fact is told once', async t => {
  const { telling, host, turn, drift } = await begin(t, { config: { filter: { kinds: ['result', 'fact'] } } })
  const one = await host('one')
  await turn([one], 'ssh-root-login', 'pass', 'fail')
  await turn([one], 'ssh-root-login', 'fail', 'pass')
  await turn([one], 'ssh-banner', 'pass', 'fail')
  await turn([one], 'ssh-banner', 'fail', 'error')
  for (let time = 0; time < 3; time++) await drift(one, {})
  await drift(one, { change: 'removed', text: 'a port closed' })
  const [message] = await telling.until(1)
  t.match(message?.changes, [
    { subject: 'ssh-banner', from: 'pass', to: 'error', status: 'failing' },
    { text: 'a port opened', status: 'changed' },
    { text: 'a port closed' },
  ])
  t.equal(message?.changes.length, 3)
})

t.test('filters ask about kind, subject, severity and labels; what somebody accepted is not told', async t => {
  const filter = {
    kinds: ['result', 'facet'],
    subjects: ['ssh-*', 'ports'],
    severities: ['critical'],
    labels: { env: 'prod' },
  }
  const { telling, host, turn, drift } = await begin(t, { config: { filter } })
  const [prod, test] = [await host('prod', { env: 'prod' }), await host('test', { env: 'test' })]
  await turn([prod, test], 'ssh-root-login', 'pass', 'fail')
  await turn([prod], 'ssh-banner', 'pass', 'fail')
  await turn([prod], 'kernel-lockdown', 'pass', 'fail')
  await drift(prod, {})
  await drift(prod, {
    kind: 'facet',
    subject: 'ports',
    field: 'state',
    before: 'present',
    after: 'unreadable',
    text: 'gone',
  })
  await drift(prod, {
    kind: 'facet',
    subject: 'users',
    field: 'state',
    before: 'present',
    after: 'error',
    text: 'other',
  })
  const [message] = await telling.until(1)
  t.match(message?.changes, [
    { subject: 'ssh-root-login', host: { name: 'prod' } },
    { kind: 'facet', subject: 'ports', status: 'failing', from: 'present', to: 'unreadable' },
  ])
  t.equal(message?.changes.length, 2)
  await turn([prod], 'ssh-root-login', 'pass', 'fail', 'w-1')
  await drift(prod, {
    kind: 'facet',
    subject: 'ports',
    field: 'state',
    before: 'unreadable',
    after: 'present',
    text: 'back',
  })
  const [, next] = await telling.until(2)
  t.same(texts(next?.changes), ['back'])
})

t.test('what flaps is told when that begins, and as resolved when it ends well', async t => {
  const { telling, host, drift } = await begin(t)
  const one = await host('one')
  const flap = { kind: 'result', subject: 'ssh-banner', change: 'changed', field: 'state', text: 'flaps' } as const
  await drift(one, { ...flap, before: 'pass', after: 'fail', flapping: 'begins' })
  await telling.until(1)
  await drift(one, { ...flap, before: 'not_applicable', after: 'pass', flapping: 'ends' })
  await telling.until(2)
  t.match(telling.sent, [
    { changes: [{ status: 'failing', flapping: 'begins' }] },
    { changes: [{ status: 'resolved', flapping: 'ends' }] },
  ])
})

t.test('without sendResolved ends are not told', async t => {
  const { telling, host, turn } = await begin(t, { config: { sendResolved: false } })
  const one = await host('one')
  await turn([one], 'ssh-root-login', 'fail', 'pass')
  await turn([one], 'ssh-banner', 'pass', 'fail')
  const [message] = await telling.until(1)
  t.match(message?.changes, [{ subject: 'ssh-banner' }])
  t.equal(message?.changes.length, 1)
})

t.test('a change of 10,000 hosts is one message, which counts what it does not list', async t => {
  const { telling, host, turn } = await begin(t)
  const hosts: number[] = []
  for (let index = 0; index < 400; index++) hosts.push(await host(`node-${index}`))
  for (let round = 0; round < 25; round++) {
    await turn(hosts, 'kernel-lockdown', round % 2 === 0 ? 'pass' : 'fail', 'error')
  }
  telling.ring()
  const [message] = await telling.until(1)
  t.equal(message?.changes.length, 100)
  t.equal((message?.more ?? 0) + 100, 10_000 - 24 * 100, 'the same on the same host is counted once while it is listed')
  await telling.advance(3_600_000)
  t.equal(telling.sent.length, 1)
})

t.test('groups have what they are grouped by; beyond fifty the rest is one', async t => {
  const { telling, host, turn } = await begin(t, { config: { groupBy: ['host', 'labels.env', 'severity'] } })
  const hosts: number[] = []
  for (let index = 0; index < 60; index++) hosts.push(await host(`node-${index}`, { env: 'prod' }))
  await turn(hosts, 'kernel-lockdown', 'pass', 'fail')
  const messages = await telling.until(51)
  t.equal(telling.sent.length, 51)
  t.same(messages.find(({ group }) => group['host'] === 'node-7')?.group, {
    host: 'node-7',
    'labels.env': 'prod',
    severity: 'high',
  })
  const rest = messages.find(({ group }) => Object.keys(group).length === 0)
  t.equal(rest?.changes.length, 10)
})

t.test(
  'a message that is not taken is sent again, later each time, under the same id and before what came after',
  async t => {
    const { log, lines } = recordingLog()
    const { telling, host, turn, clock, store } = await begin(t, {
      log,
      config: { groupWait: '0s', groupInterval: '1s' },
    })
    const one = await host('one')
    telling.fail(new SendError('example.org: answered 500'), new SendError('x', 'later', 120_000), new Error('secret'))
    await turn([one], 'ssh-root-login', 'pass', 'fail')
    telling.ring()
    await telling.advance(2_000)
    t.match(await store.read.receivers(), [{ messages: 1, lastError: 'example.org: answered 500' }])
    const queued = await store.read.nextNotification('ops')
    t.equal((queued?.nextAtMs ?? 0) - (queued?.createdAtMs ?? 0), 5_000)
    await turn([one], 'ssh-banner', 'pass', 'fail')
    await telling.advance(6_000)
    const asked = await store.read.nextNotification('ops')
    t.ok((asked?.nextAtMs ?? 0) - clock.now() > 100_000, 'as long as it asked for')
    await telling.advance(130_000)
    t.match(await store.read.receiver('ops'), { lastError: 'the collector could not send it' })
    const messages = await telling.until(2)
    t.equal(messages[0]?.id, queued?.messageId)
    t.match(messages, [{ changes: [{ subject: 'ssh-root-login' }] }, { changes: [{ subject: 'ssh-banner' }] }])
    t.same(telling.counted, ['failed', 'failed', 'failed', 'delivered', 'delivered'])
    t.match(await store.read.receiver('ops'), { lastError: '', dropped: 0 })
    t.notOk(JSON.stringify(lines).includes('secret'))
  },
)

t.test('a message that will never be taken holds up nobody, and the next one tells of it', async t => {
  const { telling, host, turn } = await begin(t, { config: { groupWait: '0s', groupInterval: '1s' } })
  const one = await host('one')
  telling.fail(new SendError('example.org: answered 400', 'never'))
  await turn([one], 'ssh-root-login', 'pass', 'fail')
  telling.ring()
  await telling.advance(2_000)
  t.same(telling.counted, ['rejected', 'dropped 1'])
  await turn([one], 'ssh-banner', 'pass', 'fail')
  const [message] = await telling.until(1)
  t.match(message, { dropped: 1, changes: [{ subject: 'ssh-banner' }] })
  t.same(telling.counted, ['rejected', 'dropped 1', 'delivered'])
})

t.test('the queue is bounded: the oldest go, and how many changes went is told once', async t => {
  const config = { groupWait: '0s', groupInterval: '1s', maxQueue: 2 }
  const { telling, host, turn, store } = await begin(t, { config })
  const one = await host('one')
  telling.fail(...Array.from({ length: 12 }, () => new SendError('away')))
  for (let round = 0; round < 6; round++) {
    await turn([one], 'ssh-root-login', round % 2 === 0 ? 'pass' : 'fail', round % 2 === 0 ? 'fail' : 'pass')
    telling.ring()
    await telling.advance(3_000)
  }
  t.match(await store.read.receivers(), [{ messages: 2, dropped: 4, untold: 4 }])
  const before = telling.counted.filter(what => what.startsWith('dropped')).length
  t.equal(before, 4)
  for (let hour = 0; hour < 40 && telling.sent.length < 2; hour++) await telling.advance(1_800_000)
  t.match(telling.sent, [{ dropped: 4 }, { dropped: 0 }])
  t.match(await store.read.receiver('ops'), { untold: 0, dropped: 4 })
})

t.test('what is not taken within its age is dropped, and old drift is not told', async t => {
  const config = { groupWait: '0s', groupInterval: '1s', maxAge: '10m' }
  const { telling, host, turn, drift, clock } = await begin(t, { config })
  const one = await host('one')
  await drift(one, {
    kind: 'result',
    subject: 'ssh-banner',
    field: 'state',
    before: 'pass',
    after: 'fail',
    receivedAtMs: clock.now() - 700_000,
  })
  telling.fail(...Array.from({ length: 8 }, () => new SendError('away')))
  await turn([one], 'ssh-root-login', 'pass', 'fail')
  telling.ring()
  await telling.advance(1_800_000)
  t.ok(telling.counted.includes('expired'))
  await turn([one], 'kernel-lockdown', 'pass', 'fail')
  const [message] = await telling.until(1)
  t.match(message, { dropped: 2, changes: [{ subject: 'kernel-lockdown' }] })
  t.equal(message?.changes.length, 1)
})

t.test('whoever tells next goes on where the one before was stopped, at any place', async t => {
  const { telling, host, turn, clock, store } = await begin(t)
  const one = await host('one')
  await turn([one], 'ssh-root-login', 'pass', 'fail')
  telling.ring()
  await telling.advance(5_000)
  await telling.stop()
  t.equal((await store.read.notificationGroups('ops')).length, 1, 'the group waits on disk')
  await turn([one], 'ssh-banner', 'pass', 'fail')
  const second = startTelling(t, { store, clock, owner: 'second' })
  second.fail(...Array.from({ length: 20 }, () => new SendError('away')))
  await second.advance(60_000)
  await second.stop()
  const queued = await store.read.nextNotification('ops')
  const third = startTelling(t, { store, clock, owner: 'third' })
  const [message] = await third.until(1)
  t.equal(message?.id, queued?.messageId)
  t.same(
    message?.changes.map(({ subject }) => subject),
    ['ssh-root-login', 'ssh-banner'],
  )
  await third.advance(3_600_000)
  t.equal(third.sent.length + telling.sent.length + second.sent.length, 1)
})

t.test('one that was sent and not noted, since the collector died, is sent again under its id', async t => {
  const { telling, host, turn, clock, store } = await begin(t)
  await telling.stop()
  const one = await host('one')
  const dying = startTelling(t, {
    ...{ clock, owner: 'dying', store },
    send: async () => {
      await store.write(async transaction => {
        const seen = await store.read.receiver('ops')
        await transaction.takeReceiver('ops', 'other', seen, clock.now())
      })
    },
  })
  await dying.asleep()
  await turn([one], 'ssh-root-login', 'pass', 'fail')
  const [first] = await dying.until(1)
  t.ok((await dying.ended) instanceof LostReceiver, 'it writes nothing any more')
  const other = startTelling(t, { store, clock, owner: 'next' })
  const [again] = await other.until(1)
  t.same(again, first)
})

t.test('a receiver that is new is told of nothing that was before it', async t => {
  const clock = createFakeClock()
  const { store, host, turn } = await openDriftStore(t, clock, { directory: t.testdir({}) })
  const one = await host('one')
  await turn([one], 'ssh-root-login', 'pass', 'fail')
  const telling = startTelling(t, { store, clock })
  await telling.asleep()
  await turn([one], 'ssh-banner', 'pass', 'fail')
  const [message] = await telling.until(1)
  t.same(
    message?.changes.map(({ subject }) => subject),
    ['ssh-banner'],
  )
})

t.test('what concerns nobody is noted now and then only', async t => {
  const { telling, host, drift, store } = await begin(t)
  const one = await host('one')
  const before = (await store.read.receiver('ops'))?.lastDrift
  await drift(one, {})
  telling.ring()
  await telling.advance(3_000)
  t.equal((await store.read.receiver('ops'))?.lastDrift, before)
  await telling.advance(60_000)
  await drift(one, {})
  telling.ring()
  await telling.advance(3_000)
  t.equal((await store.read.receiver('ops'))?.lastDrift, (before ?? 0) + 2)
})
