// Tests of the lossless decoding of host bytes.
import fc from 'fast-check'
import t from 'tap'
import { decodeHostBytes, encodeHostText, fsPath } from '../../../agent/host/decode.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

t.test('valid UTF-8 stays as it is', async t => {
  for (const text of ['', 'abc', 'ü€😀', 'a\0b', '\ufeffx', '\ufffd', '\u{10ffff}', 'line\r\n']) {
    t.equal(decodeHostBytes(Buffer.from(text, 'utf8')), text)
  }
})

t.test('every byte that is not UTF-8 becomes its own surrogate', async t => {
  t.equal(decodeHostBytes(bytes(0x61, 0xff, 0x62)), 'a\udcffb')
  t.equal(decodeHostBytes(bytes(0x80)), '\udc80')
  t.equal(decodeHostBytes(bytes(0xe2, 0x82, 0x41)), '\udce2\udc82A', 'a sequence that ends early')
  t.equal(decodeHostBytes(bytes(0xe2, 0x82)), '\udce2\udc82', 'a sequence cut by the end')
  t.equal(decodeHostBytes(bytes(0xc0, 0xaf)), '\udcc0\udcaf', 'an overlong slash')
  t.equal(decodeHostBytes(bytes(0xe0, 0x80, 0xaf)), '\udce0\udc80\udcaf', 'an overlong slash of three bytes')
  t.equal(decodeHostBytes(bytes(0xf0, 0x80, 0x80, 0xaf)), '\udcf0\udc80\udc80\udcaf')
  t.equal(decodeHostBytes(bytes(0xf4, 0x90, 0x80, 0x80)), '\udcf4\udc90\udc80\udc80', 'above U+10FFFF')
  t.equal(decodeHostBytes(bytes(0xed, 0xb2, 0x80)), '\udced\udcb2\udc80', 'a surrogate written as UTF-8')
  t.equal(decodeHostBytes(Buffer.concat([Buffer.from('ü'), bytes(0xfc), Buffer.from('😀')])), 'ü\udcfc😀')
})

t.test('decoding and encoding lose nothing, whatever the bytes', async t => {
  const nearly = fc.array(
    fc.constantFrom(
      0x00,
      0x2f,
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc2,
      0xdf,
      0xe0,
      0xe2,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xff,
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), nearly), values => {
      const input = Buffer.from(values)
      t.same(encodeHostText(decodeHostBytes(input)), input)
    }),
    { numRuns: 2000 },
  )
})

t.test('what is decoded has no surrogates but those that stand for bytes', async t => {
  fc.assert(
    fc.property(fc.uint8Array(), values => {
      for (const char of decodeHostBytes(values)) {
        const code = char.charCodeAt(0)
        if (char.length === 1 && code >= 0xd800 && code <= 0xdfff) t.ok(code >= 0xdc80 && code <= 0xdcff)
      }
    }),
  )
  t.pass('no other surrogate was seen')
})

t.test('a surrogate that stands for no byte is written as a question mark', async t => {
  t.equal(encodeHostText('a\ud800b').toString(), 'a?b')
  t.equal(encodeHostText('a\udc00b').toString(), 'a?b')
})

t.test('paths are bytes only where they must be', async t => {
  t.equal(fsPath('/ü'), '/ü')
  t.same(fsPath('/\udcff'), Buffer.from([0x2f, 0xff]))
})
