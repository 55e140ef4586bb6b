// Tests of the parser of the kernel's socket tables.
import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { parseProcNetTcp } from '../../../agent/parse/proc-net-tcp.ts'

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12157 1 0000000086eac057 100 0 0 10 0                     
   1: 0100007F:B0C1 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 12195 1 00000000d4c8ae57 100 0 0 10 0                     
   2: 0F02000A:0016 0202000A:9522 01 00000000:00000000 02:000AC368 00000000     0        0 13682 2 00000000e3a2add6 20 4 28 10 -1                    
`
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12176 1 0000000065e12392 100 0 0 10 0
   1: 00000000000000000000000001000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12177 1 0000000065e12392 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:1F41 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12178 1 0000000065e12392 100 0 0 10 0
   3: B80D0120000000000000000001000000:1F42 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12179 1 0000000065e12392 100 0 0 10 0
   4: 000080FE00000000FF005450B6AD1DFE:1F43 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12180 1 0000000065e12392 100 0 0 10 0
`
const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            
 1211: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000   998        0 14001 2 0000000000000000 0          
 2847: 0100007F:A0A1 0100007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 14002 2 0000000000000000 0          
`
const raw = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
   1: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 15001 2 0000000000000000 0
`
const rowsOf = (text: string) => parseProcNetTcp(text, 'little').rows

t.test('listening sockets and connections are read with address, state, user and inode', async t => {
  const { rows, malformed } = parseProcNetTcp(tcp, 'little')
  t.strictSame(malformed, [])
  t.strictSame(rows[1], {
    line: 3,
    family: 'ipv4',
    address: '127.0.0.1',
    scope: 'loopback',
    port: 45249,
    remoteAddress: '0.0.0.0',
    remotePort: 0,
    state: 10,
    uid: 101,
    inode: 12195,
  })
  t.match(rows[0], { address: '0.0.0.0', port: 8080, scope: 'any', state: 10, inode: 12157 })
  t.match(rows[2], { address: '10.0.2.15', remoteAddress: '10.0.2.2', remotePort: 38178, state: 1, scope: 'specific' })
})

t.test('IPv6 words are turned around and written in their shortest form', async t => {
  const read = rowsOf(tcp6).map(({ family, address, port, scope }) => [family, address, port, scope])
  t.strictSame(read, [
    ['ipv6', '::', 22, 'any'],
    ['ipv6', '::1', 8000, 'loopback'],
    ['ipv6', '::ffff:127.0.0.1', 8001, 'loopback'],
    ['ipv6', '2001:db8::1', 8002, 'specific'],
    ['ipv6', 'fe80::5054:ff:fe1d:adb6', 8003, 'link'],
  ])
})

t.test('a big-endian machine writes the words the other way round', async t => {
  const [row] = parseProcNetTcp(tcp.replace('0100007F', '7F000001').split('\n').slice(2).join('\n'), 'big').rows
  t.equal(row?.address, '127.0.0.1')
})

t.test('unconnected UDP and raw sockets are in state 7', async t => {
  t.match(rowsOf(udp), [
    { port: 68, state: 7, uid: 998, inode: 14001 },
    { port: 41121, state: 1, remotePort: 53 },
  ])
  t.match(rowsOf(raw), [{ port: 1, state: 7, inode: 15001 }])
})

t.test('empty text and a bare header have no rows, line ends may be CRLF', async t => {
  t.strictSame(parseProcNetTcp(''), { rows: [], malformed: [] })
  t.strictSame(parseProcNetTcp(`${tcp.split('\n')[0]}\n`), { rows: [], malformed: [] })
  t.strictSame(parseProcNetTcp(tcp.replaceAll('\n', '\r\n'), 'little').rows, rowsOf(tcp))
})

t.test('what is no row is told by its line and the others still count', async t => {
  const lines = tcp.split('\n')
  const [header, first, second] = lines
  const broken = [header, first, 'nonsense', `${second}${' x'.repeat(4096)}`, '\udcff\udc80', second].join('\n')
  const { rows, malformed } = parseProcNetTcp(broken, 'little')
  t.strictSame(malformed, [3, 4, 5])
  t.strictSame(
    rows.map(({ port }) => port),
    [8080, 45249],
  )
  t.strictSame(parseProcNetTcp(first?.replace('00000000:0000', `${'0'.repeat(32)}:0000`) ?? '').malformed, [1])
})

t.test('every prefix of a table gives only rows of the table', async t => {
  for (const text of [tcp, tcp6, udp, raw]) {
    const whole = new Map(rowsOf(text).map(row => [row.line, row]))
    for (let length = 0; length <= text.length; length += 1) {
      const { rows, malformed } = parseProcNetTcp(text.slice(0, length), 'little')
      const foreign = rows.filter(row => {
        // The last digits of the last inode may be cut: such a row cannot be told from a whole one.
        const { inode: _inode, ...known } = whole.get(row.line) ?? { inode: 0 }
        const { inode: _cut, ...read } = row
        return JSON.stringify(known) !== JSON.stringify(read)
      })
      if (foreign.length > 0 || malformed.length > 1)
        t.fail(`prefix of ${length}: ${JSON.stringify({ foreign, malformed })}`)
    }
  }
  t.pass('no row was made up')
})

const octets = (count: number) => fc.uint8Array({ minLength: count, maxLength: count }).map(bytes => [...bytes])
const kernelHex = (bytes: readonly number[]) => {
  const hex = (byte: number) => byte.toString(16).padStart(2, '0').toUpperCase()
  const words: string[] = []
  for (let at = 0; at < bytes.length; at += 4)
    words.push(
      bytes
        .slice(at, at + 4)
        .reverse()
        .map(hex)
        .join(''),
    )
  return words.join('')
}

t.test('any address, port, state, user and inode that the kernel writes is read back', async t => {
  const socket = fc.record({
    bytes: fc.oneof(octets(4), octets(16), fc.constantFrom(...[4, 16].map(count => new Array<number>(count).fill(0)))),
    port: fc.integer({ min: 0, max: 65_535 }),
    state: fc.integer({ min: 1, max: 12 }),
    uid: fc.integer({ min: 0, max: 4_294_967_295 }),
    inode: fc.integer({ min: 0, max: 4_294_967_295 }),
  })
  fc.assert(
    fc.property(socket, ({ bytes, port, state, uid, inode }) => {
      const hex = (value: number, width: number) => value.toString(16).toUpperCase().padStart(width, '0')
      const remote = '0'.repeat(bytes.length * 2)
      const line = `   7: ${kernelHex(bytes)}:${hex(port, 4)} ${remote}:0000 ${hex(state, 2)} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 0000000000000000 100 0 0 10 0`
      const [row] = rowsOf(line)
      if (!row) throw new Error(`no row: ${line}`)
      const isValid = bytes.length === 4 ? isIPv4(row.address) : isIPv6(row.address)
      if (!isValid) throw new Error(`no address: ${row.address}`)
      // The platform's own idea of the shortest form (RFC 5952 but for v4-mapped addresses).
      const canonical = bytes.length === 4 ? row.address : new URL(`http://[${row.address}]/`).hostname.slice(1, -1)
      const mapped = row.address.startsWith('::ffff:') && row.address.includes('.')
      if (!mapped && canonical !== row.address) throw new Error(`${row.address} is not ${canonical}`)
      t.strictSame([row.port, row.state, row.uid, row.inode], [port, state, uid, inode])
    }),
    { numRuns: 300 },
  )
})

t.test('any text is read without failing and without making up more rows than lines', async t => {
  const mutated = fc
    .tuple(fc.nat({ max: tcp.length }), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([at, extra]) => tcp.slice(0, at) + extra + tcp.slice(at + extra.length))
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string({ unit: 'binary', maxLength: 2_000 })), text => {
      const { rows, malformed } = parseProcNetTcp(text)
      return rows.length + malformed.length <= text.split('\n').length
    }),
  )
  t.pass('no failure')
})
