// The first token of a collector: made once, and never again.
import t from 'tap'
import { isSecretOf, parseApiToken } from '../../../collector/auth/access/api-token.ts'
import { makeFirstAdmin } from '../../../collector/domain/first-admin.ts'
import { openDomain } from '../open-domain.ts'

t.test('the first token is an administrator’s for a week, and there is one only', async t => {
  const { store } = await openDomain(t)
  let text = ''
  const hand = (token: string) => {
    text = token
  }
  await t.rejects(
    makeFirstAdmin(store, 500, () => {
      throw new Error('nobody takes it')
    }),
    /nobody takes it/,
  )
  t.same((await store.read.apiTokens({ limit: 9 })).items, [], 'one that nobody has is none')
  t.equal(await makeFirstAdmin(store, 1_000, hand), true)
  const { id = '', secret = '' } = parseApiToken(text) ?? {}
  const token = await store.read.apiToken(id)
  t.ok(isSecretOf(secret, token))
  t.match(token, { role: 'admin', labels: {}, expiresAtMs: 1_000 + 7 * 86_400_000 })
  t.equal(await makeFirstAdmin(store, 2_000, hand), false)
  await store.write(transaction => transaction.revokeApiToken(id, 3_000))
  t.equal(await makeFirstAdmin(store, 4_000, hand), false, 'also when it was revoked')
  t.match((await store.read.audit({}, { limit: 9 })).items, [{ action: 'apitokens.create', target: id }])
})
