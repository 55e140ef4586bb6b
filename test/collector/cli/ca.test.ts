// `ca`: makes an authority for several collectors, says whose it is, and takes another one when told so.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openSqliteStore } from '../../../collector/store/sqlite/open-store.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { runBin } from '../../run-bin.ts'

const pinOf = (text: string) => /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? ''

t.test('create makes what a Secret of Kubernetes takes, in a directory of its own', async t => {
  const output = join(t.testdir({}), 'pki')
  const made = await runBin('collector', ['ca', 'create', '--output', output])
  t.equal(made.code, 0, made.stderr)
  t.same(readdirSync(output).sort(), ['ca.crt', 'ca.key'])
  t.equal(statSync(output).mode & 0o777, 0o700)
  t.equal(statSync(join(output, 'ca.key')).mode & 0o777, 0o600)
  const text = execFileSync('openssl', ['x509', '-in', join(output, 'ca.crt'), '-noout', '-text'], { encoding: 'utf8' })
  t.match(text, /CA:TRUE/)
  t.match(text, /Certificate Sign/)
  const again = await runBin('collector', ['ca', 'create', '--output', output])
  t.match(again, { code: 2, stderr: /--output .*pki: cannot be made \(EEXIST\)\n$/ })
})

t.test('show says whether it is the database’s, accept makes it that', async t => {
  const place = t.testdir({})
  const data = join(place, 'data')
  const ca = async (...words: readonly string[]) => runBin('collector', ['ca', ...words])
  t.match(await ca('show', '--data-dir', data), { code: 1, stderr: /ca\.crt: is not there/ })
  mkdirSync(data, { mode: 0o700 })
  const put = async (name: string) => {
    const { stdout } = await ca('create', '--output', join(place, name))
    rmSync(join(data, 'pki'), { recursive: true, force: true })
    cpSync(join(place, name), join(data, 'pki'), { recursive: true })
    return pinOf(stdout)
  }
  const first = await put('first')
  const store = await openSqliteStore(join(data, 'collector.db'), systemClock)
  await store.write(transaction => transaction.claimAuthority(first, 1))
  await store.close()
  t.match(await ca('show', '--data-dir', data), {
    code: 0,
    stdout: new RegExp(`^${first} until 2\\S+: the one of the`),
  })
  const second = await put('second')
  t.not(second, first)
  t.match((await ca('show', '--data-dir', data)).stdout, `: not the one of the database (${first})`)
  const token = await runBin('collector', ['token', 'create', '--data-dir', data])
  t.match(token, { code: 2, stderr: /is not the CA of the database/ }, 'no string leads hosts to a CA that is not it')
  t.match(await ca('accept', '--data-dir', data), { code: 0, stdout: second })
  t.match((await ca('show', '--data-dir', data)).stdout, `${second} until`)
})
