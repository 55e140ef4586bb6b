import t from 'tap'
import { parseSignal, type Signal } from '../../../collector/store/signals.ts'

const signals: readonly Signal[] = [
  { kind: 'committed' },
  { kind: 'standing' },
  { kind: 'policy' },
  { kind: 'rescan', host: 7, requestId: 'r', facets: ['small'] },
  { kind: 'unjudged', hosts: [1, 2] },
  { kind: 'unjudged', hosts: [] },
]

for (const signal of signals) {
  t.test(`a signal arrives as it was told: ${JSON.stringify(signal)}`, async t => {
    t.same(parseSignal(JSON.stringify(signal)), signal)
  })
}

t.test('what another program or version tells is no signal', async t => {
  const others = ['', '{', 'null', '7', '"policy"', '[]', '{}', '{"kind":"missed"}', '{"kind":"later"}', '{"kind":7}']
  for (const text of others) t.equal(parseSignal(text), undefined, text)
  for (const text of ['{"kind":"rescan"}', '{"kind":"rescan","host":"7","requestId":"r","facets":[]}']) {
    t.equal(parseSignal(text), undefined, text)
  }
  for (const text of ['{"kind":"unjudged"}', '{"kind":"unjudged","hosts":7}']) {
    t.equal(parseSignal(text), undefined, text)
  }
  t.same(parseSignal('{"kind":"unjudged","hosts":[1,"2",null,1.5,3]}'), { kind: 'unjudged', hosts: [1, 3] })
})
