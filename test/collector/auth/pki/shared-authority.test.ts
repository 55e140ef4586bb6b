// The CA of a collector against the one of its database: collectors on one database sign with the same, or do not start.
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openSharedAuthority } from '../../../../collector/auth/pki/shared-authority.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { openDomain } from '../../open-domain.ts'

t.test('the first collector makes it, the next is given the same, one with another does not start', async t => {
  const { store } = await openDomain(t)
  const place = t.testdir({})
  const [one, other] = [join(place, 'one'), join(place, 'other')]
  const open = (directory: string) => openSharedAuthority(directory, store, systemClock)
  const { pin } = await open(one)
  t.equal(await store.read.authorityPin(), pin)
  t.equal((await open(one)).pin, pin, 'and has it at its next start')

  await t.rejects(open(other), { code: 'config', message: /ca\.crt: is missing, and the database has a CA already/ })
  t.notOk(existsSync(join(other, 'pki')), 'none was made')
  cpSync(join(one, 'pki'), join(other, 'pki'), { recursive: true })
  t.equal((await open(other)).pin, pin)

  rmSync(join(other, 'pki'), { recursive: true })
  const stranger = await openDomain(t)
  const strange = await openSharedAuthority(other, stranger.store, systemClock)
  await t.rejects(open(other), { code: 'config', message: /is not the CA of the database \(sha256:.*ca accept/ })
  await store.write(transaction => transaction.replaceAuthority(strange.pin, 1))
  t.equal((await open(other)).pin, strange.pin, 'unless somebody says so')
})
