// Tests of the parser of SCTP endpoints.
import fc from 'fast-check'
import t from 'tap'
import { parseProcNetSctpEps } from '../../../agent/parse/proc-net-sctp-eps.ts'

// Header as recorded on Debian 12 (kernel 6.1); rows after sctp_eps_seq_show: %8pK %8pK %-3d %-3d %-4d %-5d %5u %5lu.
const header = ' ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n'
const v4 = '5b8b6c3d 9c1f2a4e 2   10  29   38412      0 20711 0.0.0.0 \n'
const v6 = '1c0ffee1 2c0ffee2 0   10  30   3868    1001 20715 0000:0000:0000:0000:0000:0000:0000:0000 \n'
const multi = 'aaaaaaaa bbbbbbbb 2   10  31   2905       0 20719 *192.0.2.1 fe80:0000:0000:0000:0000:0000:0000:0001 \n'
const closed = 'cccccccc dddddddd 2   7   32   2906       0 20720 127.0.0.1 \n'

t.test('endpoints are read with state, port, user, inode and every local address', async t => {
  const { endpoints, malformed } = parseProcNetSctpEps(header + v4 + v6 + multi + closed)
  t.strictSame(malformed, [])
  t.strictSame(endpoints[0], {
    line: 2,
    state: 10,
    port: 38412,
    uid: 0,
    inode: 20711,
    addresses: [{ family: 'ipv4', address: '0.0.0.0', scope: 'any' }],
  })
  t.match(endpoints[1], { uid: 1001, addresses: [{ family: 'ipv6', address: '::', scope: 'any' }] })
  t.strictSame(
    endpoints[2]?.addresses.map(({ address, scope }) => [address, scope]),
    [
      ['192.0.2.1', 'specific'],
      ['fe80::1', 'link'],
    ],
  )
  t.equal(endpoints[3]?.state, 7)
})

t.test('the table of a host without endpoints is a header', async t => {
  t.strictSame(parseProcNetSctpEps(header), { endpoints: [], malformed: [] })
  t.strictSame(parseProcNetSctpEps(''), { endpoints: [], malformed: [] })
  t.strictSame(parseProcNetSctpEps((header + v4).replaceAll('\n', '\r\n')).endpoints.length, 1)
})

t.test('what is no endpoint is told by its line', async t => {
  const noAddress = v4.replace('0.0.0.0', '')
  const badPort = v4.replace('38412', '70000')
  const badAddress = v4.replace('0.0.0.0', '0.0.0.256')
  const { endpoints, malformed } = parseProcNetSctpEps(`${header}${noAddress}${badPort}${badAddress}\udcff\n${v6}`)
  t.strictSame(malformed, [2, 3, 4, 5])
  t.equal(endpoints[0]?.port, 3868)
})

t.test('every column is a number, and there is one address at least', async t => {
  const columns = ['2', '10', '29', '38412', '0', '20711']
  const row = (at: number, text: string) => `5b8b6c3d 9c1f2a4e ${columns.with(at, text).join(' ')} 0.0.0.0\n`
  for (const at of columns.keys()) {
    for (const text of ['x', '1x', 'x1', '1234567890123456'])
      t.strictSame(parseProcNetSctpEps(header + row(at, text)).malformed, [2], `column ${at}: ${text}`)
  }
  t.equal(parseProcNetSctpEps(header + row(3, '65535')).endpoints[0]?.port, 65_535)
  t.strictSame(parseProcNetSctpEps(header + row(3, '65536')).malformed, [2])
  t.strictSame(parseProcNetSctpEps(`${header}${v4.trim()} 1.2.3\n`).malformed, [2], 'one address that is none')
  t.strictSame(parseProcNetSctpEps(v4 + header).malformed, [2], 'a header is the first line')
  t.strictSame(parseProcNetSctpEps(`x${header}`).malformed, [1])
})

t.test('every prefix and any other text is read without failing', async t => {
  const text = header + v4 + v6 + multi
  for (let length = 0; length <= text.length; length += 1) {
    const { endpoints, malformed } = parseProcNetSctpEps(text.slice(0, length))
    if (malformed.length > 1) t.fail(`prefix of ${length} has lines ${malformed.join()} malformed`)
    for (const { port } of endpoints) if (![38412, 3868, 2905].includes(port)) t.fail(`port ${port} was made up`)
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), other => {
      const { endpoints, malformed } = parseProcNetSctpEps(other)
      return endpoints.length + malformed.length <= other.split('\n').length
    }),
  )
})
