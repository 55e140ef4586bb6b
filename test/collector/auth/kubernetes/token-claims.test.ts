// Reading what a token says of itself: enough to know whom to ask, and never more trust than that.
import * as fc from 'fast-check'
import t from 'tap'
import { unverifiedClaims } from '../../../../collector/auth/kubernetes/token-claims.ts'

const tokenOf = (claims: unknown) =>
  ['{"alg":"RS256"}', typeof claims === 'string' ? claims : JSON.stringify(claims), 'signature']
    .map(part => Buffer.from(part).toString('base64url'))
    .join('.')

t.test('issuer, audiences and end', t => {
  t.same(unverifiedClaims(tokenOf({ iss: 'https://a', aud: ['x', 'y'], exp: 12, sub: 'z' })), {
    ...{ issuer: 'https://a', audiences: ['x', 'y'], expiresAtMs: 12_000 },
  })
  t.same(unverifiedClaims(tokenOf({ aud: 'x', exp: 1 })), { issuer: '', audiences: ['x'], expiresAtMs: 1_000 })
  t.end()
})

t.test('what is no token has no claims', t => {
  const payloads = ['', 'x', '[]', 'null', '1', '{', '{}', { aud: [] }, { aud: [1], exp: 1 }, { aud: 'x', exp: 'y' }]
  for (const payload of payloads) t.equal(unverifiedClaims(tokenOf(payload)), undefined, JSON.stringify(payload))
  const good = tokenOf({ aud: 'x', exp: 1 })
  for (const text of ['', '..', 'a.b', `${good}.x`, ` ${good}`, `${good}\n`, good.replace('.', ':')]) {
    t.equal(unverifiedClaims(text), undefined, text)
  }
  t.equal(unverifiedClaims(tokenOf({ aud: 'x'.repeat(20_000), exp: 1 })), undefined, 'too long')
  const nested = '['.repeat(5_000) + ']'.repeat(5_000)
  t.equal(unverifiedClaims(tokenOf(`{"aud":${nested},"exp":1}`)), undefined, 'deeply nested')
  t.end()
})

t.test('no text makes it throw', t => {
  const holds = fc.property(fc.oneof(fc.string(), fc.json().map(tokenOf)), text => {
    const claims = unverifiedClaims(text)
    return claims === undefined || claims.audiences.every(one => typeof one === 'string')
  })
  t.doesNotThrow(() => fc.assert(holds))
  t.end()
})
