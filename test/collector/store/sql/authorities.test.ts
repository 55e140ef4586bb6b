// The CA of a database, on both databases: the first one claims it, another takes its place when somebody says so.
import t, { type Test } from 'tap'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { type Domain, openDomain } from '../../open-domain.ts'

const claim = ({ store }: Domain, pin: string, atMs: number) =>
  store.write(transaction => transaction.claimAuthority(pin, atMs))

function suite(t: Test, open: (t: Test) => Promise<Domain>): void {
  t.test('who comes first is the one, until another takes its place', async t => {
    const domain = await open(t)
    const { store } = domain
    t.equal(await store.read.authorityPin(), undefined)
    t.equal(await claim(domain, 'sha256:a', 1), 'sha256:a')
    t.equal(await claim(domain, 'sha256:b', 2), 'sha256:a')
    t.equal(await store.read.authorityPin(), 'sha256:a')
    await store.write(transaction => transaction.replaceAuthority('sha256:b', 3))
    t.equal(await claim(domain, 'sha256:a', 4), 'sha256:b')
    await store.write(transaction => transaction.replaceAuthority('sha256:a', 5))
    t.equal(await store.read.authorityPin(), 'sha256:a', 'and back')
  })
}

t.test('SQLite', async t => suite(t, inner => openDomain(inner)))

const why = whyNoPostgres()
t.test('PostgreSQL', { skip: why ?? false }, async t => {
  const server = await startPostgres(t)
  suite(t, async inner => openDomain(inner, { database: await server.database() }))

  t.test('of collectors that begin at once one is the first', async t => {
    const database = await server.database()
    const domains = await Promise.all([1, 2, 3].map(() => openDomain(t, { database })))
    const pins = await Promise.all(domains.map((domain, at) => claim(domain, `sha256:${at}`, 1)))
    t.equal(new Set(pins).size, 1, pins.join())
  })
})
