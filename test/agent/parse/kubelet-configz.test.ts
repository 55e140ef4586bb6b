// Tests of what a kubelet answers at /configz.
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

t.test('broken text never breaks it', async t => {
  survivesBrokenText(t, text => ({ state: parseKubeletConfigz(text) ? 'document' : 'malformed' }), answer)
})
