// What one collector at a time does: who gets it, who gets it next, and how the one that lost it hears of that.
import t from 'tap'
import { openStore } from '../../../collector/store/open-store.ts'
import { asSingleton, keepSingleton, locksOfProcess } from '../../../collector/store/singleton.ts'
import { type Singleton, singletons } from '../../../collector/store/singleton-names.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { startPostgres, whyNoPostgres } from '../../start-postgres.ts'

const within = () => ({ upkeep: { ifAlone: locksOfProcess() } }) as never

t.test('within a process a name is taken until its work ends, however it ends', async t => {
  const store = within()
  t.equal(await asSingleton(store, 'trends', () => asSingleton(store, 'trends', async () => 1)), undefined)
  t.equal(await asSingleton(store, 'trends', () => asSingleton(store, 'notify', async () => 2)), 2)
  await t.rejects(
    asSingleton(store, 'trends', async () => {
      throw new Error('no')
    }),
    /no/,
  )
  t.equal(await asSingleton(store, 'trends', async () => 3), 3)
})

t.test(
  'work that never ends is done by one of many until it stops, then by another, and errors do not end it',
  async t => {
    const store = within()
    const clock = { ...systemClock, sleep: () => new Promise<void>(resolve => setImmediate(resolve)) }
    const stops = [new AbortController(), new AbortController()]
    const errors: unknown[] = []
    const running: number[] = []
    const began: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()]
    let broken = true
    const keep = (index: number) =>
      keepSingleton(
        { store, name: 'notify', clock, onError: error => errors.push(error), everyMs: 1 },
        async signal => {
          if (broken) {
            broken = false
            throw new Error('once')
          }
          running.push(index)
          began[index]?.resolve()
          await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
          running.splice(running.indexOf(index), 1)
        },
        stops[index]?.signal ?? AbortSignal.abort(),
      )
    const first = keep(0)
    await began[0]?.promise
    const second = keep(1)
    t.same(running, [0])
    stops[0]?.abort()
    await Promise.all([first, began[1]?.promise])
    t.same(running, [1])
    stops[1]?.abort()
    await second
    t.same([running, errors.map(String)], [[], ['Error: once']])
  },
)

t.test(
  'over a server: one of two collectors, and the next when its connection is gone',
  {
    skip: whyNoPostgres() ?? false,
  },
  async t => {
    const server = await startPostgres(t)
    const url = await server.database()
    const stores = await Promise.all(
      [1, 2].map(() => openStore({ kind: 'postgres', url, passwordFile: '' }, systemClock)),
    )
    t.teardown(() => Promise.all(stores.map(store => store.close())))
    const [one, other] = stores
    if (!one || !other) return t.fail('two stores')
    for (const name of Object.keys(singletons) as Singleton[]) {
      t.equal(await asSingleton(one, name, () => asSingleton(other, name, async () => 'twice')), undefined, name)
    }
    const lost = asSingleton(one, 'policy-reports', signal => {
      const ended = new Promise<string>(resolve =>
        signal.addEventListener('abort', () => resolve('lost'), { once: true }),
      )
      void server.crash()
      return ended
    })
    t.equal(await lost, 'lost', 'whoever had it hears that it is gone')
    await server.start()
    t.equal(await asSingleton(other, 'policy-reports', async () => 'next'), 'next')
  },
)
