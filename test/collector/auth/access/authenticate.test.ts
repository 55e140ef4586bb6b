// API tokens and who shows them: their form, their hash, their uses.
import t from 'tap'
import { isSecretOf, newApiToken, parseApiToken } from '../../../../collector/auth/access/api-token.ts'
import { createAuthenticate } from '../../../../collector/auth/access/authenticate.ts'
import { roleMay } from '../../../../collector/auth/access/rights.ts'
import { createUseBook } from '../../../../collector/auth/access/use-book.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { putApiToken, tokenId } from '../../api/api-users.ts'
import { openDomain } from '../../open-domain.ts'

t.test('a token is recognized by its form alone', async t => {
  const { id, text, secretHash } = newApiToken()
  t.match(parseApiToken(text), { id })
  t.match(secretHash, /^sha256:[0-9a-f]{64}$/)
  t.notOk(secretHash.includes(text.split('_')[2] ?? ''))
  for (const bad of [
    '',
    'gabion_',
    `${text}0`,
    text.toUpperCase(),
    text.replaceAll('_', '-'),
    ` ${text}`,
    `${text}\n`,
  ]) {
    t.equal(parseApiToken(bad), undefined, bad)
  }
  for (let length = 0; length < text.length; length++) t.equal(parseApiToken(text.slice(0, length)), undefined)
  t.equal(isSecretOf('', undefined), false, 'no token has no secret')
})

t.test('roles only grow, and nobody below admin decides who may use the API', async t => {
  for (const resource of ['apitokens', 'audit'] as const) {
    for (const verb of ['get', 'list', 'create', 'update', 'delete'] as const) {
      t.equal(roleMay('viewer', { resource, verb }), false)
      t.equal(roleMay('operator', { resource, verb }), false)
      t.equal(roleMay('admin', { resource, verb }), true)
    }
  }
  t.equal(roleMay('operator', { resource: 'hosts', verb: 'delete' }), false)
  t.equal(roleMay('viewer', { resource: 'waivers', verb: 'create' }), false)
})

t.test('an open collector still tells apart who shows a token, and a bad one is not let in as anybody', async t => {
  const { store } = await openDomain(t)
  const token = await putApiToken(store, { role: 'viewer', labels: { role: 'db' } })
  const authenticate = createAuthenticate({ read: store.read, clock: systemClock, isOpen: true })
  t.match(await authenticate({ authorization: '', session: '' }), { kind: 'open', role: 'admin' })
  t.match(await authenticate({ authorization: `Bearer ${token}`, session: '' }), {
    ...{ kind: 'token', name: `token:${tokenId(token)}`, role: 'viewer', scope: { role: 'db' } },
  })
  await t.rejects(authenticate({ authorization: 'Bearer x', session: '' }), { name: 'NotIdentified' })
  await t.rejects(authenticate({ authorization: '', session: 'x' }), { name: 'NotIdentified' })
})

t.test('uses are written once a minute, and not lost when that fails', async t => {
  const { store } = await openDomain(t)
  const token = await putApiToken(store, { role: 'viewer' })
  const id = tokenId(token)
  let nowMs = 600_000
  let writes = 0
  const write: typeof store.write = work => {
    writes++
    return store.write(work)
  }
  const book = createUseBook({ write }, { now: () => nowMs })
  const lastUse = async () => (await store.read.apiToken(id))?.lastUsedAtMs
  await book.flush()
  t.equal(writes, 0, 'nothing to write')
  book.note(id)
  await book.flush()
  t.equal(await lastUse(), 600_000)
  nowMs += 59_999
  book.note(id)
  await book.flush()
  t.equal(writes, 1, 'the same minute')
  nowMs += 1
  book.note(id)
  await book.flush()
  t.equal(await lastUse(), 660_000)
})
