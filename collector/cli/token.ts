// `gabion-collector token`: makes, lists and revokes what lets bare hosts enroll.
import { randomBytes } from 'node:crypto'
import { Command, InvalidArgumentError } from 'commander'
import { visible } from '../../policy/visible-text.ts'
import { terminalJson } from '../../report/terminal-json.ts'
import { isoTime, systemClock } from '../../runtime/clock.ts'
import { formatEnrollmentString } from '../../runtime/enrollment-string.ts'
import { GabionError } from '../../runtime/errors.ts'
import { enrollmentPin } from '../auth/pki/enrollment-pin.ts'
import { openSharedAuthority } from '../auth/pki/shared-authority.ts'
import type { CollectorConfig } from '../collector-config.ts'
import { hashSecret } from '../domain/enrollment.ts'
import { enrollmentTokenState } from '../domain/token-state.ts'
import { showAddress } from '../listen-address.ts'
import type { Store } from '../store/store.ts'
import { changeAsCli } from './change-as-cli.ts'
import { duration } from './duration.ts'
import { label } from './label.ts'
import { withStore } from './own-store.ts'
import { advertisedNames, type DataOptions, dataOptions, dataSettings } from './settings.ts'
import { table } from './table.ts'

interface CreateOptions extends DataOptions {
  readonly ttl: number
  readonly uses: number
  readonly label: Readonly<Record<string, string>>
  readonly description: string
  readonly approval?: true
  readonly endpoint?: string
}

const createHelp = `
Prints one string for \`gabion-agent enroll\`: where the collector is, how to know it, and the token. It is shown once; the
collector keeps only a hash.

Examples:
  gabion-collector token create --ttl 1h --uses 5 --label role=db
  gabion-collector token create | ssh db-1 gabion-agent enroll -`

export function tokenCommand(): Command {
  const create = dataOptions(new Command('create').description('make a token and print the string that enrolls hosts'))
    .option('--ttl <time>', 'how long it may be used: 90s, 30m, 12h, 7d', duration, 3_600_000)
    .option('--uses <number>', 'how many hosts may use it', uses, 1)
    .option('--label <key=value>', 'label of every host that uses it; repeatable', label, {})
    .option('--description <text>', 'what it is for', '')
    .option('--approval', 'each host waits until it is approved')
    .option('--endpoint <host:port>', 'where hosts enroll, when it is not the advertised name and the gRPC port')
    .addHelpText('after', createHelp)
    .action(createToken)
  const list = dataOptions(new Command('list').description('list tokens: what they are for, how often they were used'))
    .option('-o, --output <format>', 'table or json', 'table')
    .action(listTokens)
  const revoke = dataOptions(new Command('revoke').description('let nobody use a token any more; enrolled hosts stay'))
    .argument('<id>')
    .action(revokeToken)
  return new Command('token')
    .description('tokens that enroll bare hosts')
    .addCommand(create)
    .addCommand(list)
    .addCommand(revoke)
}

async function createToken(options: CreateOptions): Promise<void> {
  const settings = dataSettings(options)
  const [name] = advertisedNames(settings)
  const endpoint = options.endpoint ?? showAddress({ host: name, port: settings.grpcPort })
  const secret = randomBytes(32)
  const id = randomBytes(5).toString('hex')
  const nowMs = systemClock.now()
  const { description, uses: maxUses, label: labels } = options
  const given = { description, maxUses, labels, needsApproval: options.approval === true }
  const times = { createdAtMs: nowMs, expiresAtMs: nowMs + options.ttl, revokedAtMs: 0 }
  const pin = await withStore(settings, async store => {
    const found = await pinOf(settings, store)
    await changeAsCli(store, 'enrollmenttokens.create', ({ fleet }) =>
      fleet(
        id,
        transaction =>
          transaction.putToken({ ...given, ...times, id, uses: 0, secretHash: hashSecret(secret) }).then(() => true),
        given,
      ),
    )
    return found
  })
  const text = formatEnrollmentString({ endpoint, pin, tokenId: id, secret: secret.toString('hex') })
  process.stdout.write(`${text}\n`)
  const often = maxUses === 1 ? 'once' : `${maxUses} times`
  process.stderr.write(`token ${id}: until ${isoTime(times.expiresAtMs)}, ${often}, at ${endpoint}\n`)
}

/** Of the CA that hosts find in the chain which the collector shows. */
async function pinOf({ dataDir, tlsCertFile, tlsKeyFile, tlsCaFile }: CollectorConfig, store: Store): Promise<string> {
  const files = tlsCertFile === '' ? undefined : { certificate: tlsCertFile, key: tlsKeyFile }
  return enrollmentPin(await openSharedAuthority(dataDir, store, systemClock), files, tlsCaFile || undefined)
}

async function listTokens(options: DataOptions & { readonly output: string }): Promise<void> {
  const settings = dataSettings(options)
  const found = await withStore(settings, async ({ read }) =>
    Promise.all(
      (await read.tokens()).map(async token => ({ ...token, usedBy: await read.enrollments({ tokenId: token.id }) })),
    ),
  )
  if (options.output === 'json') {
    process.stdout.write(`${terminalJson(found)}\n`)
    return
  }
  const nowMs = systemClock.now()
  const rows = found.map(token => [
    ...[
      token.id,
      enrollmentTokenState(token, nowMs).replace('_', ' '),
      `${token.uses}/${token.maxUses}`,
      isoTime(token.expiresAtMs),
    ],
    Object.entries(token.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    token.usedBy.map(({ hostname, hostId, state }) => `${hostname} (${hostId || state})`).join(', '),
    token.description,
  ])
  const head = ['ID', 'STATE', 'USES', 'EXPIRES', 'LABELS', 'USED BY', 'DESCRIPTION']
  process.stdout.write(table([head, ...rows.map(row => row.map(visible))]))
}

async function revokeToken(id: string, options: DataOptions): Promise<void> {
  const settings = dataSettings(options)
  const isRevoked = await withStore(settings, store =>
    changeAsCli(store, 'enrollmenttokens.delete', ({ fleet }) =>
      fleet(id, transaction => transaction.revokeToken(id, systemClock.now())),
    ),
  )
  if (!isRevoked) throw new GabionError('usage', `token ${visible(id)}: there is no such token that is not revoked yet`)
  process.stdout.write(`token ${id} is revoked\n`)
}

function uses(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected a number from 1.')
}
