// Tests of what a kubelet answers at /configz.
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseKubeletConfigz } from '../../../agent/parse/kubelet-configz.ts'
import { survivesBrokenText } from '../../broken-documents.ts'

const answer = '{"kubeletconfig":{"port":10250,"authentication":{"anonymous":{"enabled":false}}}}'

t.test('the configuration is what stands under kubeletconfig', async t => {
  t.strictSame(parseKubeletConfigz(answer), { port: 10_250, authentication: { anonymous: { enabled: false } } })
  t.strictSame(parseKubeletConfigz('{"kubeletconfig":{}}'), {})
})

t.test('anything else is no answer of a kubelet', async t => {
  for (const text of [
    '',
    'Unauthorized',
    '{}',
    '[]',
    'null',
    '7',
    '{"kubeletconfig":[]}',
    '{"kubeletconfig":null}',
    '{"kind":"Status"}',
  ])
    t.equal(parseKubeletConfigz(text), undefined, text)
})

t.test('any configuration is read back, and nothing that stands beside it', async t => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (configuration, beside) => {
      const plain: unknown = JSON.parse(JSON.stringify(configuration))
      deepStrictEqual(parseKubeletConfigz(JSON.stringify({ beside, kubeletconfig: plain })), plain)
      deepStrictEqual(parseKubeletConfigz(JSON.stringify({ beside, configuration: plain })), undefined)
    }),
  )
  t.pass('for every configuration')
})

t.test('broken text never breaks it', async t => {
  const answerOf = (text: string) => {
    const values = parseKubeletConfigz(text)
    return values ? { state: 'document', values } : { state: 'malformed', line: 0, detail: 'no answer' }
  }
  survivesBrokenText(t, answerOf, answer)
})
