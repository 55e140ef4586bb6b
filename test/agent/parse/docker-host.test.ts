// Tests of reading where dockerd listens.
import fc from 'fast-check'
import t from 'tap'
import { parseDockerHost } from '../../../agent/parse/docker-host.ts'

t.test('sockets of every kind', async t => {
  for (const [text, tls, host, transport, port, scope] of [
    ['', false, 'unix:///var/run/docker.sock', 'unix', -1, 'local'],
    ['', true, 'tcp://localhost:2376', 'tcp', 2376, 'loopback'],
    ['fd://', false, 'fd://', 'fd', -1, 'local'],
    ['unix://', false, 'unix:///var/run/docker.sock', 'unix', -1, 'local'],
    ['unix:///run/d.sock', true, 'unix:///run/d.sock', 'unix', -1, 'local'],
    ['tcp://0.0.0.0:2375', false, 'tcp://0.0.0.0:2375', 'tcp', 2375, 'any'],
    ['tcp://0.0.0.0', true, 'tcp://0.0.0.0:2376', 'tcp', 2376, 'any'],
    ['tcp://:2375', false, 'tcp://localhost:2375', 'tcp', 2375, 'loopback'],
    ['tcp://127.0.0.1:2375/path', false, 'tcp://127.0.0.1:2375', 'tcp', 2375, 'loopback'],
    ['tcp://[::]:2376', true, 'tcp://[::]:2376', 'tcp', 2376, 'any'],
    ['tcp://[::1]:2376', true, 'tcp://[::1]:2376', 'tcp', 2376, 'loopback'],
    ['tcp://[fe80::1]:2376', true, 'tcp://[fe80::1]:2376', 'tcp', 2376, 'link'],
    ['tcp://10.0.0.5', false, 'tcp://10.0.0.5:2375', 'tcp', 2375, 'specific'],
    ['tcp://node.example:80', false, 'tcp://node.example:80', 'tcp', 80, 'specific'],
    ['0.0.0.0:4243', false, 'tcp://0.0.0.0:4243', 'tcp', 4243, 'any'],
    ['npipe:////./pipe/x', false, 'npipe://', 'other', -1, 'local'],
  ] as const) {
    t.strictSame(parseDockerHost(text, tls), { host, transport, port, scope }, `${text} ${tls}`)
  }
})

t.test('neither credentials nor what follows the port are kept', async t => {
  t.equal(parseDockerHost('tcp://user:secret@0.0.0.0:2375?x=y#z', false).host, 'tcp://0.0.0.0:2375')
})

t.test('whatever the text is, reading ends', async t => {
  fc.assert(fc.property(fc.string(), fc.boolean(), (text, tls) => parseDockerHost(text, tls).port >= -1))
  t.pass('random texts')
})
