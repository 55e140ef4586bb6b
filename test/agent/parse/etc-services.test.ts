// Tests of the parser of port names.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseEtcServices } from '../../../agent/parse/etc-services.ts'

const debian = readFileSync(join(import.meta.dirname, '../../fixtures/hosts/debian12-vm/root/etc/services'), 'utf8')
const fedora = `# service-name  port/protocol  [aliases ...]   [# comment]
ssh             22/tcp                          # The Secure Shell (SSH) Protocol
http            80/tcp          www www-http    # WorldWideWeb HTTP
http            80/sctp                         # HyperText Transfer Protocol
matahari        49000/tcp                       # Matahari Broker
`
const alpine = 'domain\t\t53/tcp\ndomain\t\t53/udp\nrfe\t\t5002/tcp\nrfe\t\t5002/udp#x\n'

t.test('names of several distributions are found by port and protocol', async t => {
  const { byPort, malformed } = parseEtcServices(debian)
  t.strictSame(malformed, [])
  t.equal(byPort.get('22/tcp'), 'ssh')
  t.equal(byPort.get('123/udp'), 'ntp')
  t.equal(byPort.get('123/tcp'), undefined)
  t.equal(parseEtcServices(fedora).byPort.get('80/sctp'), 'http')
  t.equal(parseEtcServices(alpine).byPort.get('5002/udp'), 'rfe')
})

t.test('of several names of one port the first counts', async t => {
  t.equal(parseEtcServices('first 99/tcp\nsecond 99/tcp alias\n').byPort.get('99/tcp'), 'first')
})

t.test('comments, empty lines and CRLF are fine, other lines are told by their number', async t => {
  const text = '# c\r\n\r\nssh 22/tcp\r\nnonsense\r\nhuge 70000/tcp\r\nbad x/tcp\r\n\udcff\udcfe 1/tcp\r\n'
  const { byPort, malformed } = parseEtcServices(text)
  t.strictSame(malformed, [4, 5, 6])
  t.strictSame([...byPort.keys()], ['22/tcp', '1/tcp'])
  t.strictSame(parseEtcServices(''), { byPort: new Map(), malformed: [] })
})

t.test('an over-long line is malformed, not slow', async t => {
  const line = `${'a'.repeat(1_000_000)} ${'9'.repeat(1_000_000)}/tcp`
  t.strictSame(parseEtcServices(line).malformed, [1])
})

t.test('every prefix and any other text is read without failing', async t => {
  const text = fedora + alpine
  for (let length = 0; length <= text.length; length += 1) {
    const { malformed } = parseEtcServices(text.slice(0, length))
    if (malformed.length > 1) t.fail(`prefix of ${length} has lines ${malformed.join()} malformed`)
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), other => {
      const { byPort, malformed } = parseEtcServices(other)
      return byPort.size + malformed.length <= other.split('\n').length
    }),
  )
})
