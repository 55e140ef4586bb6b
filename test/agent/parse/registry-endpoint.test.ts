// Tests of reducing addresses of registries.
import fc from 'fast-check'
import t from 'tap'
import { parseRegistryEndpoint, registryName } from '../../../agent/parse/registry-endpoint.ts'

t.test('scheme, host and port are kept', async t => {
  for (const [text, endpoint, plainHttp] of [
    ['https://mirror.example', 'https://mirror.example', false],
    ['http://Mirror.example:5000/v2/', 'http://mirror.example:5000', true],
    ['HTTP://x', 'http://x', true],
    ['mirror.example:5000', 'https://mirror.example:5000', false],
    ['https://user:pa@ss@host:1?q', 'https://host:1', false],
    ['http://[fd00::1]:5000/', 'http://[fd00::1]:5000', true],
    ['', '', false],
    ['https://bad host', '', false],
  ] as const) {
    t.strictSame(parseRegistryEndpoint(text), { endpoint, plainHttp }, text)
  }
})

t.test('names of registries, networks and prefixes are kept, other text is not', async t => {
  for (const name of ['docker.io', 'reg.lan:5000', '10.0.0.0/8', '*.example/foo', '[::1]:5000']) {
    t.equal(registryName(name), name)
  }
  for (const text of ['', 'user:pa@ss', 'a b', 'x'.repeat(300), '\u0000'])
    t.equal(registryName(text), '', text.slice(0, 20))
})

t.test('whatever the text is, what stands before an @ is gone', async t => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/)
  fc.assert(
    fc.property(word, word, (secret, host) => {
      const { endpoint } = parseRegistryEndpoint(`https://${secret}Q@${host}`)
      return endpoint === `https://${host}`
    }),
  )
  fc.assert(fc.property(fc.string(), text => !parseRegistryEndpoint(text).endpoint.includes('@')))
  t.pass('random texts')
})
