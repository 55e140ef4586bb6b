// `gabion-collector ca`: the authority that hosts know the collector by, and that signs their certificates.
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { isoTime, systemClock } from '../../runtime/clock.ts'
import { errnoOf, GabionError } from '../../runtime/errors.ts'
import { type Authority, openAuthority } from '../auth/pki/authority.ts'
import { authorityDirectory } from '../data-directory.ts'
import { withStore } from './own-store.ts'
import { type DataOptions, dataOptions, dataSettings } from './settings.ts'

const createHelp = `
Several collectors on one database sign with the same CA. It is made before the first of them starts, and given to each:
in Kubernetes as a Secret, elsewhere as pki/ of its data directory.

Example:
  gabion-collector ca create --output ./pki
  kubectl -n gabion create secret tls gabion-pki --cert=./pki/ca.crt --key=./pki/ca.key`

export function caCommand(): Command {
  return new Command('ca')
    .description('the authority that hosts know the collector by')
    .addCommand(
      new Command('create')
        .description('make one in a new directory: ca.crt and ca.key, for collectors that share a database')
        .requiredOption('--output <dir>', 'directory to make')
        .addHelpText('after', createHelp)
        .action(createCa),
    )
    .addCommand(
      dataOptions(new Command('show'))
        .description('print the pin and the end of the CA, and whether it is the one of the database')
        .action(showCa),
    )
    .addCommand(
      dataOptions(new Command('accept'))
        .description('take the CA in pki/ for the whole fleet: every host that was enrolled before enrolls anew')
        .action(acceptCa),
    )
}

const say = (text: string) => void process.stdout.write(`${text}\n`)

async function createCa({ output }: { readonly output: string }): Promise<void> {
  const target = resolve(output)
  try {
    mkdirSync(target, { mode: 0o700 })
  } catch (cause) {
    throw new GabionError('usage', `--output ${output}: cannot be made (${errnoOf(cause)})`, { cause })
  }
  const { pin } = await openAuthority(target, systemClock)
  const made = authorityDirectory(target)
  for (const name of readdirSync(made)) renameSync(join(made, name), join(target, name))
  rmdirSync(made)
  say(`${output}: ca.crt and ca.key, ${pin}; whoever has the key can be any host: keep it as you keep such keys`)
}

async function showCa(options: DataOptions): Promise<void> {
  const settings = dataSettings(options)
  const { pin, certificates } = await ownAuthority(settings.dataDir)
  const known = await withStore(settings, ({ read }) => read.authorityPin())
  const until = isoTime(Date.parse(new X509Certificate(certificates).validTo))
  const standing = known === pin ? 'the one of the database' : `not the one of the database (${known ?? 'none yet'})`
  say(`${pin} until ${until}: ${standing}`)
}

async function acceptCa(options: DataOptions): Promise<void> {
  const settings = dataSettings(options)
  const { pin } = await ownAuthority(settings.dataDir)
  await withStore(settings, store => store.write(transaction => transaction.replaceAuthority(pin, systemClock.now())))
  say(`${pin}: start the collectors with it; hosts that were enrolled before enroll anew`)
}

/** That of the data directory, which is not made here. */
function ownAuthority(dataDirectory: string): Promise<Authority> {
  const file = join(authorityDirectory(dataDirectory), 'ca.crt')
  if (!existsSync(file)) throw new GabionError('state_directory', `${file}: is not there; start the collector first`)
  return openAuthority(dataDirectory, systemClock)
}
