// Tests of reading daemon.json.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parseDockerDaemonJson } from '../../../agent/parse/docker-daemon-json.ts'
import { fixtureRoot } from '../../fixture-host.ts'

const read = (text: string) => {
  const parsed = parseDockerDaemonJson(text)
  if (parsed.state !== 'options') throw new Error(`${parsed.line}: ${parsed.detail}`)
  return parsed
}

t.test('the file of a recorded machine', async t => {
  const text = readFileSync(`${fixtureRoot('debian12-vm')}/etc/docker/daemon.json`, 'utf8')
  t.strictSame(read(text), {
    state: 'options',
    options: {
      hosts: ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2375'],
      'log-driver': 'json-file',
      'live-restore': true,
    },
    keys: ['hosts', 'live-restore', 'log-driver'],
    unknownKeys: [],
  })
})

t.test('a hardened file, with groups and objects', async t => {
  const { options, keys, unknownKeys } = read(`{
    "icc": false, "userns-remap": "default", "no-new-privileges": true, "live-restore": true,
    "log-opts": { "max-size": "10m" }, "default-ulimits": { "nofile": { "Name": "nofile", "Hard": 1, "Soft": 1 } },
    "proxies": { "http-proxy": "http://user:secret@proxy:3128" },
    "runtimes": { "runsc": { "path": "/usr/local/bin/runsc" }, "kata": { "runtimeType": "io.containerd.kata.v2" } },
    "exec-opts": ["native.cgroupdriver=systemd"]
  }`)
  t.strictSame(options, {
    icc: false,
    'userns-remap': 'default',
    'no-new-privileges': true,
    'live-restore': true,
    'default-ulimits': true,
    runtimes: [
      { name: 'runsc', path: '/usr/local/bin/runsc', type: '' },
      { name: 'kata', path: '', type: 'io.containerd.kata.v2' },
    ],
  })
  t.ok(keys.includes('http-proxy') && keys.includes('log-opts'), 'known keys are told, also those in groups')
  t.strictSame(unknownKeys, [])
})

t.test('keys that no dockerd knows are named; what may be anything is told by its line', async t => {
  t.strictSame(read('{"icc": true, "no-new-privilege": true}').unknownKeys, ['no-new-privilege'])
  t.strictSame(read('{\n"icc": true,\n"my secret key": 1\n}').unknownKeys, ['line 3'])
  t.strictSame(read('{"group1": {"iccc": true}}').unknownKeys, ['iccc'], 'keys of a group count as if outside')
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`x ${at}`, 1]))
  t.ok(read(JSON.stringify(many)).unknownKeys.length <= 100)
})

t.test('an empty file gives nothing, a byte order mark is passed over', async t => {
  for (const text of ['', ' \n\t', '{}', '\ufeff{}', '{\r\n}\r\n'])
    t.strictSame(read(text).options, {}, JSON.stringify(text))
})

t.test('what is not JSON is told by its line', async t => {
  for (const [text, line] of [
    ['{\n  "icc": false,\n}', 3],
    ['{\n  // comment\n}', 2],
    ["{'icc': false}", 1],
    ['{"icc": false} x', 1],
    ['{\n"icc": fal', 2],
  ] as const) {
    t.strictSame(parseDockerDaemonJson(text), { state: 'malformed', line, detail: 'not JSON' }, text)
  }
  t.match(parseDockerDaemonJson('[1]'), { state: 'malformed', line: 1, detail: 'not an object' })
})

t.test('a value of another type keeps dockerd from starting, and is told by key and line', async t => {
  for (const [text, key, line] of [
    ['{\n"debug": true,\n"icc": "false"}', 'icc', 3],
    ['{"hosts": "tcp://x"}', 'hosts', 1],
    ['{"hosts": [1]}', 'hosts', 1],
    ['{"runtimes": {"x": 1}}', 'runtimes', 1],
    ['{\n"log-driver"\n: 3}', 'log-driver', 2],
  ] as const) {
    t.strictSame(parseDockerDaemonJson(text), {
      state: 'malformed',
      line,
      detail: `${key} has a value of another type`,
    })
  }
  t.strictSame(read('{"icc": null}').options, {}, 'null is as if it were not given')
})

t.test('names of Object.prototype are keys like others', async t => {
  const { options, unknownKeys } = read('{"__proto__": {"icc": false}, "constructor": 1, "toString": 2}')
  t.strictSame(options, {})
  t.strictSame(unknownKeys, ['constructor', 'toString'])
  t.equal(({} as Record<string, unknown>)['icc'], undefined)
})

t.test('every prefix of a file is malformed in one of its lines, or whole', async t => {
  const text = '{\n  "hosts": ["unix://", "tcp://0.0.0.0:2375"],\n  "icc": false,\n  "log-opts": {"a": "b\\"c"}\n}\n'
  for (let end = 0; end <= text.length; end += 1) {
    const parsed = parseDockerDaemonJson(text.slice(0, end))
    const whole = end === 0 || end >= text.length - 1
    t.equal(parsed.state, whole ? 'options' : 'malformed', `${end}`)
    if (parsed.state === 'malformed') t.ok(parsed.line >= 1 && parsed.line <= text.slice(0, end).split('\n').length)
  }
})

t.test('whatever the file says, no content of it stands in the detail', async t => {
  const canary = 'canary-4711'
  const value = fc.oneof(fc.constant(canary), fc.boolean(), fc.array(fc.constant(canary)), fc.constant(null))
  const key = fc.constantFrom('icc', 'hosts', 'runtimes', 'label', 'tls', `${canary} x`)
  fc.assert(
    fc.property(fc.dictionary(key, value), fc.nat(100), (file, cut) => {
      const text = JSON.stringify(file)
      const parsed = parseDockerDaemonJson(text.slice(0, Math.max(0, text.length - cut)))
      const told = parsed.state === 'malformed' ? parsed.detail : parsed.unknownKeys.join(' ')
      return !told.includes(canary)
    }),
  )
  fc.assert(fc.property(fc.string(), text => parseDockerDaemonJson(text) !== undefined))
  t.pass('random files')
})
