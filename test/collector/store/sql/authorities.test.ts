// The CA of a database, on both databases: the first one claims it, another takes its place when somebody says so.
import t, { type Test } from 'tap'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { type Domain, openDomain } from '../../open-domain.ts'

function suite(t: Test, open: (t: Test) => Promise<Domain>): void {
  t.test('who comes first is the one, until another takes its place', async t => {
    const { store } = await open(t)
    const claim = (pin: string, atMs: number) => store.write(transaction => transaction.claimAuthority(pin, atMs))
    t.equal(await store.read.authorityPin(), undefined)
    t.equal(await claim('sha256:a', 1), 'sha256:a')
    t.equal(await claim('sha256:b', 2), 'sha256:a')
    t.equal(await store.read.authorityPin(), 'sha256:a')
    await store.write(transaction => transaction.replaceAuthority('sha256:b', 3))
    t.equal(await claim('sha256:a', 4), 'sha256:b')
    await store.write(transaction => transaction.replaceAuthority('sha256:a', 5))
    t.equal(await store.read.authorityPin(), 'sha256:a', 'and back')
  })

  t.test('of two that come at once one is the one', async t => {
    const { store } = await open(t)
    const claimed = await Promise.all(
      ['sha256:a', 'sha256:b'].map(pin => store.write(transaction => transaction.claimAuthority(pin, 1))),
    )
    t.equal(new Set(claimed).size, 1)
  })
}

t.test('SQLite', async t => suite(t, inner => openDomain(inner)))

const why = whyNoPostgres()
t.test('PostgreSQL', { skip: why ?? false }, async t => {
  const server = await startPostgres(t)
  suite(t, async inner => openDomain(inner, { database: await server.database() }))
})
