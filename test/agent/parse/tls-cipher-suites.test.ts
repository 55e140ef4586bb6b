// The cipher suites of Go against what OpenSSL prints of them, and the RFCs for those that it left behind.
import t from 'tap'
import { goCipherSuites, tls13CipherSuites } from '../../../agent/parse/tls-cipher-suites.ts'

/** `openssl ciphers -V -stdname 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'` of OpenSSL 3.0.19: number and name. */
const openssl = `
0x13,0x02 TLS_AES_256_GCM_SHA384
0x13,0x03 TLS_CHACHA20_POLY1305_SHA256
0x13,0x01 TLS_AES_128_GCM_SHA256
0xC0,0x2C TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
0xC0,0x30 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
0xCC,0xA9 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
0xCC,0xA8 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
0xC0,0x2B TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
0xC0,0x2F TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
0xC0,0x24 TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384
0xC0,0x28 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384
0xC0,0x23 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256
0xC0,0x27 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256
0xC0,0x0A TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA
0xC0,0x14 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA
0xC0,0x09 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
0xC0,0x13 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
0x00,0x9D TLS_RSA_WITH_AES_256_GCM_SHA384
0x00,0x9C TLS_RSA_WITH_AES_128_GCM_SHA256
0x00,0x3D TLS_RSA_WITH_AES_256_CBC_SHA256
0x00,0x3C TLS_RSA_WITH_AES_128_CBC_SHA256
0x00,0x35 TLS_RSA_WITH_AES_256_CBC_SHA
0x00,0x2F TLS_RSA_WITH_AES_128_CBC_SHA
`

/** RFC 5246 (appendix A.5) and RFC 8422 (section 6). */
const rfcs = `
0x00,0x05 TLS_RSA_WITH_RC4_128_SHA
0x00,0x0A TLS_RSA_WITH_3DES_EDE_CBC_SHA
0xC0,0x07 TLS_ECDHE_ECDSA_WITH_RC4_128_SHA
0xC0,0x11 TLS_ECDHE_RSA_WITH_RC4_128_SHA
0xC0,0x12 TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA
`

const names = new Map(
  [...`${openssl}${rfcs}`.matchAll(/^0x(..),0x(..) (\w+)$/gm)].map(([, high, low, name]) => [
    Number.parseInt(`${high}${low}`, 16),
    name,
  ]),
)

t.test('every number has the name that others give it', async t => {
  for (const [number, name] of goCipherSuites) t.equal(name, names.get(number), number.toString(16))
  t.equal(goCipherSuites.size, 22)
})

t.test('what OpenSSL has and Go does not are three suites with CBC', async t => {
  const others = [...names].filter(([number]) => !goCipherSuites.has(number) && !tls13CipherSuites.includes(number))
  t.strictSame(others.map(([, name]) => name).sort(), [
    'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384',
    'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384',
    'TLS_RSA_WITH_AES_256_CBC_SHA256',
  ])
})

t.test('the suites of TLS 1.3 are three', async t => {
  t.strictSame(tls13CipherSuites.map(number => names.get(number)).sort(), [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
  ])
})
