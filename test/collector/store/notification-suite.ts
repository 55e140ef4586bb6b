// What a store keeps for receivers, whatever database is behind it.
import type { Test } from 'tap'
import type { Clock } from '../../../runtime/clock.ts'
import { createFakeClock } from '../../fake-clock.ts'
import type { DriftStore } from '../notify/drift-store.ts'

export type OpenDrift = (t: Test, clock: Clock) => Promise<DriftStore>

export function notificationSuite(t: Test, open: OpenDrift): void {
  t.test('changes come in their order with labels, severity and whether somebody accepts them', async t => {
    const { store, host, turn, drift } = await open(t, createFakeClock())
    const [one, two] = [await host('one', { env: 'prod' }), await host('two')]
    await turn([one], 'ssh-root-login', 'pass', 'fail', 'w-1')
    await drift(two, {})
    await turn([two], 'ssh-banner', 'pass', 'fail')
    const all = await store.read.changesToTell(0, 10)
    t.match(all, [
      {
        host: one,
        hostname: 'one',
        labels: { env: 'prod' },
        severity: 'critical',
        title: 'Title of ssh-root-login',
        isWaived: true,
      },
      { host: two, kind: 'fact', title: '', isWaived: false },
      { host: two, severity: 'low', isWaived: false, before: 'pass', after: 'fail' },
    ])
    t.notOk('severity' in (all[1] ?? {}))
    t.same(await store.read.changesToTell(all[0]?.id ?? 0, 1), all.slice(1, 2))
  })

  t.test('one collector has a receiver: who had it before writes nothing any more', async t => {
    const { store, host, turn } = await open(t, createFakeClock())
    await turn([await host('one')], 'ssh-banner', 'pass', 'fail')
    const take = (owner: string, seen: { owner: string; beat: number } | undefined) =>
      store.write(transaction => transaction.takeReceiver('ops', owner, seen, 1))
    const keep = (owner: string) => store.write(transaction => transaction.keepReceiver('ops', owner, 2))
    t.equal(await take('a', undefined), true)
    t.equal(await take('b', undefined), false, 'somebody was faster')
    const seen = await store.read.receiver('ops')
    t.match(seen, { name: 'ops', owner: 'a', untold: 0, dropped: 0, lastError: '' })
    t.equal(seen?.lastDrift, (await store.read.fleet()).lastDriftId, 'what was before is nothing to it')
    t.equal(await keep('a'), true)
    t.equal(await take('b', seen), false, 'it was written meanwhile')
    t.equal(await take('b', await store.read.receiver('ops')), true)
    t.equal(await keep('a'), false)
    t.equal(await keep('b'), true)
    t.equal(await store.read.receiver('other'), undefined)
  })

  t.test('messages stand in line, are put off, and the oldest go when there are too many', async t => {
    const { store } = await open(t, createFakeClock())
    await store.write(async transaction => {
      await transaction.takeReceiver('ops', 'a', undefined, 1)
      for (const messageId of ['m1', 'm2', 'm3', 'm4']) {
        await transaction.addNotification('ops', { messageId, changes: 3, createdAtMs: 5, body: '{}' })
      }
      await transaction.addNotification('other', { messageId: 'o1', changes: 1, createdAtMs: 5, body: '{}' })
    })
    t.equal(await store.write(transaction => transaction.dropOldest('ops', 2)), 6)
    t.equal(await store.write(transaction => transaction.dropOldest('ops', 2)), 0)
    const first = await store.read.nextNotification('ops')
    t.match(first, { messageId: 'm3', attempts: 0, nextAtMs: 0, createdAtMs: 5, changes: 3 })
    await store.write(async transaction => {
      await transaction.postponeNotification(first?.id ?? 0, 77)
      await transaction.addDropped('ops', 6)
      await transaction.setReceiver('ops', { lastErrorMs: 9, lastError: 'away' })
    })
    t.match(await store.read.nextNotification('ops'), { messageId: 'm3', attempts: 1, nextAtMs: 77 })
    t.match(await store.read.receivers(), [{ name: 'ops', messages: 2, untold: 6, dropped: 6, lastError: 'away' }])
    await store.write(transaction => transaction.deleteNotification(first?.id ?? 0))
    t.match(await store.read.nextNotification('ops'), { messageId: 'm4' })
  })

  t.test('groups and alerts are put, put again and taken away; receivers that nobody has are forgotten', async t => {
    const { store } = await open(t, createFakeClock())
    const group = { key: '{}', dueAtMs: 5, toldAtMs: 0, body: '{}' }
    const alert = (key: string, body = '{}') => ({ key, host: 1, kind: 'result' as const, subject: 'ssh-banner', body })
    await store.write(async transaction => {
      for (const name of ['ops', 'old', 'kept'])
        await transaction.takeReceiver(name, 'a', undefined, name === 'ops' ? 100 : 1)
      await transaction.putGroup('ops', group)
      await transaction.putGroup('ops', { ...group, toldAtMs: 6 })
      await transaction.putGroup('old', group)
      await transaction.putAlerts('ops', [alert('a'), alert('b')], 9)
      await transaction.putAlerts('ops', [alert('a', '{"x":1}')], 9)
      await transaction.putAlerts('ops', [alert('c'), alert('d')], 3)
      await transaction.putAlerts('ops', [alert('e'), alert('b', '{"y":2}'), alert('f')], 3)
      await transaction.putAlerts('ops', [], 9)
    })
    t.same(await store.read.notificationGroups('ops'), [{ ...group, toldAtMs: 6 }])
    t.same(await store.read.alerts('ops', 9), [alert('a', '{"x":1}'), alert('b', '{"y":2}'), alert('c')])
    t.equal((await store.read.endedAlerts('ops', 9)).length, 3, 'there is no such host')
    await store.write(async transaction => {
      await transaction.deleteAlerts('ops', ['a', 'b'])
      await transaction.deleteAlerts('ops', [])
      await transaction.deleteGroups('ops', ['{}'])
      await transaction.forgetReceivers(50, ['kept'])
    })
    t.match(await store.read.receivers(), [{ name: 'kept' }, { name: 'ops', alerts: 1 }])
    t.same(await store.read.notificationGroups('old'), [])
  })
}
