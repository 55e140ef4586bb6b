// `api-token` and the other commands that change something: what they print, what works then, what the audit log says.
import { userInfo } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runBin } from '../../run-bin.ts'
import { startApiCollector } from '../api/api-users.ts'
import { ask } from '../api/request.ts'
import { fillFleet } from '../fill-fleet.ts'

const collector = await startApiCollector(t)
const [host] = await fillFleet(t, collector, 1)
const where = ['--data-dir', collector.dataDirectory]
const cli = (...args: readonly string[]) => runBin('collector', [...args, ...where])
const audit = async (query: string) =>
  JSON.parse((await collector.askAs('admin', `/api/v1/audit?${query}`)).text).items as Record<string, unknown>[]

t.test('a token that is made works at once, and one that is revoked no more', async t => {
  const made = await cli('api-token', 'create', '--role', 'viewer', '--ttl', '2h', '--description', 'for a test')
  t.match(made, { code: 0, stdout: /^gabion_[0-9a-f]{10}_[0-9a-f]{64}\n$/ })
  t.match(made.stderr, /^token [0-9a-f]{10}: viewer until 2\S+Z\n$/)
  const token = made.stdout.trim()
  const id = token.split('_')[1] ?? ''
  const read = async () =>
    (await ask(collector.httpAddress, '/api/v1/summary', { headers: { authorization: `Bearer ${token}` } })).status
  t.equal(await read(), 200)
  t.match(await audit(`target=${id}`), [
    { actor: `cli:${userInfo().username}`, action: 'apitokens.create', outcome: 'done', detail: { role: 'viewer' } },
  ])
  const listed = await cli('api-token', 'list')
  t.match(listed, { code: 0, stdout: /^ID +STATE +ROLE +LABELS +EXPIRES +LAST USED +MADE BY +DESCRIPTION\n/ })
  t.match(listed.stdout, new RegExp(`^${id} +valid +viewer .* for a test$`, 'm'))
  t.notOk(listed.stdout.includes(token.split('_')[2] ?? ''))
  const json = await cli('api-token', 'list', '--output', 'json')
  t.match(
    JSON.parse(json.stdout).find((one: { id: string }) => one.id === id),
    { role: 'viewer' },
  )
  t.notMatch(json.stdout, /secretHash/)
  t.match(await cli('api-token', 'revoke', id), { code: 0, stdout: `token ${id} is revoked\n` })
  t.equal(await read(), 401)
  t.match(await cli('api-token', 'revoke', id), { code: 2, stderr: /no such token that is not revoked yet/ })
})

t.test('what is wrong is one clear line', async t => {
  for (const [args, reason] of [
    [['api-token', 'create'], /--role/],
    [['api-token', 'create', '--role', 'root'], /viewer, operator, admin/],
    [['api-token', 'create', '--role', 'viewer', '--ttl', '1s'], /from 1m to 366d/],
    [['api-token', 'create', '--role', 'viewer', '--label', 'x'], /KEY=VALUE/],
    [['api-token', 'list', '--output', 'xml'], /table, json/],
  ] as const) {
    const { code, stderr } = await cli(...args)
    t.equal(code, 2, args.join(' '))
    t.match(stderr, reason)
  }
  const none = await runBin('collector', ['api-token', 'list', '--data-dir', join(collector.dataDirectory, 'none')])
  t.match(none, { code: 1, stderr: /start the collector first/ })
})

t.test('a token with a label sees hosts of that label only', async t => {
  const { stdout } = await cli('api-token', 'create', '--role', 'viewer', '--label', 'role=nothing')
  const headers = { authorization: `Bearer ${stdout.trim()}` }
  t.same(JSON.parse((await ask(collector.httpAddress, '/api/v1/hosts', { headers })).text), { items: [] })
})

t.test('changes of hosts and of enrollment tokens by commands stand in the audit log', async t => {
  const id = host?.id ?? ''
  t.match(await cli('host', 'retire', id, '--reason', 'scrapped'), { code: 0, stdout: `host ${id} is retired\n` })
  t.match(await cli('host', 'standing'), { stdout: new RegExp(`^${id} +retired .* scrapped$`, 'm') })
  t.match(await cli('host', 'release', id), { code: 0 })
  t.match(await cli('host', 'release', id), { code: 2, stderr: /is active, not quarantined or retired/ })
  t.match(await cli('host', 'delete', id), { code: 0, stdout: `host ${id} is deleted\n` })
  t.match(await cli('host', 'delete', id), { code: 2, stderr: /is not known/ })
  const made = await cli('token', 'create')
  t.equal(made.code, 0, made.stderr)
  const token = /^token (\S+):/.exec(made.stderr)?.[1] ?? ''
  t.match(await cli('token', 'revoke', token), { code: 0 })
  const actor = encodeURIComponent(`cli:${userInfo().username}`)
  const actions = (await audit(`actor=${actor}&limit=5`)).map(({ action, target }) => [action, target])
  t.same(actions, [
    ['enrollmenttokens.delete', token],
    ['enrollmenttokens.create', token],
    ['hosts.delete', id],
    ['hosts.update', id],
    ['hosts.update', id],
  ])
})
