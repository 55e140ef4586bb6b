// `gabion-collector api-token`: makes, lists and revokes what lets people and programs use the API.
import { Command, InvalidArgumentError, Option } from 'commander'
import { visible } from '../../policy/visible-text.ts'
import { terminalJson } from '../../report/terminal-json.ts'
import { isoTime, systemClock } from '../../runtime/clock.ts'
import { GabionError } from '../../runtime/errors.ts'
import { newApiToken } from '../auth/access/api-token.ts'
import { apiTokenState } from '../domain/token-state.ts'
import { type ApiRole, type ApiToken, apiRoles } from '../store/access-records.ts'
import { changeAsCli } from './change-as-cli.ts'
import { duration } from './duration.ts'
import { label } from './label.ts'
import { withStore } from './own-store.ts'
import { type DataOptions, dataOptions, dataSettings } from './settings.ts'
import { table } from './table.ts'

interface CreateOptions extends DataOptions {
  readonly role: ApiRole
  readonly ttl: number
  readonly label: Readonly<Record<string, string>>
  readonly description: string
}

const maxTtlMs = 366 * 86_400_000
const listPage = 500

const createHelp = `
Prints the token alone, once; the collector keeps only a hash. With labels, only hosts that have all of them are there for it.

Examples:
  gabion-collector api-token create --role viewer --description dashboard
  gabion-collector api-token create --role operator --label role=db --ttl 30d
  curl -H "Authorization: Bearer $TOKEN" https://gabion.example.org:8080/api/v1/summary`

export function apiTokenCommand(): Command {
  const create = dataOptions(new Command('create').description('make a token and print it'))
    .addOption(
      new Option('--role <role>', 'viewer reads; operator works on hosts; admin may everything')
        .choices(apiRoles)
        .makeOptionMandatory(),
    )
    .option('--ttl <time>', 'how long it is good: 12h, 30d', ttl, 90 * 86_400_000)
    .option('--label <key=value>', 'only hosts with this label; repeatable', label, {})
    .option('--description <text>', 'what it is for', '')
    .addHelpText('after', createHelp)
    .action(createToken)
  const list = dataOptions(new Command('list').description('list tokens: what they may, when they were used last'))
    .addOption(new Option('-o, --output <format>', 'table or json').choices(['table', 'json']).default('table'))
    .action(listTokens)
  const revoke = dataOptions(new Command('revoke').description('let nobody use a token any more, and end its sessions'))
    .argument('<id>')
    .action(revokeToken)
  const command = new Command('api-token').description('tokens that use the API')
  return command.addCommand(create).addCommand(list).addCommand(revoke)
}

async function createToken(options: CreateOptions): Promise<void> {
  const { role, ttl: lifeMs, label: labels, description } = options
  const settings = dataSettings(options)
  const { id, text, secretHash } = newApiToken()
  const nowMs = systemClock.now()
  const expiresAtMs = nowMs + lifeMs
  await withStore(settings, store =>
    changeAsCli(store, 'apitokens.create', ({ actor, fleet }) =>
      fleet(
        id,
        async transaction => {
          await transaction.putApiToken({
            ...{ id, description, role, labels, secretHash, createdAtMs: nowMs, createdBy: actor, expiresAtMs },
            ...{ lastUsedAtMs: 0, revokedAtMs: 0 },
          })
          return true
        },
        { role, labels, description, expiresAt: isoTime(expiresAtMs) },
      ),
    ),
  )
  process.stdout.write(`${text}\n`)
  process.stderr.write(`token ${id}: ${role} until ${isoTime(expiresAtMs)}\n`)
}

async function listTokens(options: DataOptions & { readonly output: string }): Promise<void> {
  const settings = dataSettings(options)
  const { items } = await withStore(settings, ({ read }) => read.apiTokens({ limit: listPage }))
  if (options.output === 'json') {
    process.stdout.write(`${terminalJson(items)}\n`)
    return
  }
  const nowMs = systemClock.now()
  const head = ['ID', 'STATE', 'ROLE', 'LABELS', 'EXPIRES', 'LAST USED', 'MADE BY', 'DESCRIPTION']
  process.stdout.write(table([head, ...items.map(token => row(token, nowMs).map(visible))]))
}

function row(token: ApiToken, nowMs: number): readonly string[] {
  const labels = Object.entries(token.labels).map(([key, value]) => `${key}=${value}`)
  return [
    ...[token.id, apiTokenState(token, nowMs), token.role, labels.join(','), isoTime(token.expiresAtMs)],
    ...[token.lastUsedAtMs === 0 ? 'never' : isoTime(token.lastUsedAtMs), token.createdBy, token.description],
  ]
}

async function revokeToken(id: string, options: DataOptions): Promise<void> {
  const settings = dataSettings(options)
  const isRevoked = await withStore(settings, store =>
    changeAsCli(store, 'apitokens.delete', ({ fleet }) =>
      fleet(id, transaction => transaction.revokeApiToken(id, systemClock.now())),
    ),
  )
  if (!isRevoked) throw new GabionError('usage', `token ${visible(id)}: there is no such token that is not revoked yet`)
  process.stdout.write(`token ${id} is revoked\n`)
}

function ttl(text: string): number {
  const ms = duration(text)
  if (ms > maxTtlMs || ms < 60_000) throw new InvalidArgumentError('expected a time from 1m to 366d.')
  return ms
}
