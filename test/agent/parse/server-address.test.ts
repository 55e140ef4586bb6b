// Tests of reducing URLs of servers to what is no secret.
import fc from 'fast-check'
import t from 'tap'
import { serverAddress } from '../../../agent/parse/server-address.ts'

t.test('scheme, host and port stay; user names, passwords, paths and queries go', async t => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['https://127.0.0.1:2379', 'https://127.0.0.1:2379'],
    ['https://[::1]:2379/', 'https://[::1]:2379'],
    ['http://etcd-1.example.org', 'http://etcd-1.example.org'],
    ['https://root:hunter2@10.0.0.5:2379/keys?token=x#y', 'https://10.0.0.5:2379'],
    ['https://a@b@10.0.0.5:2379', 'https://10.0.0.5:2379'],
    ['unix:///var/run/kine.sock', 'unix:///var/run/kine.sock'],
    ['unix://kine.sock', 'unix://kine.sock'],
    ['127.0.0.1:2379', undefined],
    ['https://', undefined],
    ['https://host name:1', undefined],
    ['https://host:port', undefined],
    ['', undefined],
  ]
  for (const [url, address] of rows) t.equal(serverAddress(url), address, url)
})

t.test('no password comes out, whatever stands around it', async t => {
  fc.assert(
    fc.property(fc.string(), text => {
      const user = encodeURIComponent(text.toWellFormed()).slice(0, 40)
      t.notMatch(serverAddress(`https://${user}:canary@10.0.0.5:2379/`) ?? '', /canary/)
    }),
  )
})
