// `gabion-collector db`: looks after the database.
import { Command } from 'commander'
import { systemClock } from '../../runtime/clock.ts'
import { GabionError } from '../../runtime/errors.ts'
import type { CollectorConfig } from '../collector-config.ts'
import { lockDataDirectory } from '../data-directory.ts'
import { type DatabaseLocation, parseDatabaseLocation, showDatabase } from '../store/database-location.ts'
import { checkStore, copyStore, migrateStore, vacuumStore } from '../store/look-after.ts'
import { backUp } from './back-up.ts'
import { type DataOptions, databaseOf, dataOptions, dataSettings } from './settings.ts'

export function dbCommand(): Command {
  return new Command('db')
    .description('look after the database')
    .addCommand(
      dataOptions(new Command('check'))
        .description('read the whole database and say whether it is sound; a collector may run meanwhile')
        .addHelpText('after', '\nExample:\n  gabion-collector db check --data-dir ./data/collector')
        .action(checkDb),
    )
    .addCommand(
      dataOptions(new Command('migrate'))
        .description('bring the tables to what this version knows, as a collector does when it starts')
        .action(migrateDb),
    )
    .addCommand(
      dataOptions(new Command('vacuum'))
        .description('give room back to the disk; the collector on a SQLite file has to be stopped')
        .action(vacuumDb),
    )
    .addCommand(
      dataOptions(new Command('backup'))
        .description('copy the SQLite database and the CA into a new directory; a collector may run meanwhile')
        .requiredOption('--output <dir>', 'directory to make')
        .action(backUpDb),
    )
    .addCommand(
      dataOptions(new Command('copy'))
        .description('copy everything to another, empty database and compare both; stop the collector before')
        .requiredOption('--to <where>', 'sqlite:PATH or postgres://USER@HOST/DATABASE')
        .option('--to-password-file <file>', 'file with the password of its user')
        .addHelpText('after', '\nExample:\n  gabion-collector db copy --to postgres://gabion@db.example.org/gabion')
        .action(copyDb),
    )
}

const say = (text: string) => void process.stdout.write(`${text}\n`)

async function checkDb(options: DataOptions): Promise<void> {
  const location = databaseOf(dataSettings(options))
  const { problems, notes, schema, rows } = await checkStore(location)
  const name = showDatabase(location)
  if (problems.length > 0) throw new GabionError('store', `${name}: ${problems.join('\n  ')}`)
  const counts = Object.entries(rows).map(([table, count]) => `${count} ${table}`)
  say(`${name}: sound, schema ${schema}, ${counts.join(', ')}`)
  for (const note of notes) say(note)
}

async function migrateDb(options: DataOptions): Promise<void> {
  const settings = dataSettings(options)
  const location = databaseOf(settings)
  const schema = await alone(settings, location, () => migrateStore(location, systemClock, say))
  say(`${showDatabase(location)}: schema ${schema}`)
}

async function vacuumDb(options: DataOptions): Promise<void> {
  const settings = dataSettings(options)
  const location = databaseOf(settings)
  await alone(settings, location, () => vacuumStore(location))
  say(`${showDatabase(location)}: done`)
}

async function backUpDb({ output, ...options }: DataOptions & { readonly output: string }): Promise<void> {
  const settings = dataSettings(options)
  const hasAuthority = await backUp(settings.dataDir, databaseOf(settings), output)
  say(`${output}: the database${hasAuthority ? ' and the CA with its key' : ''}; keep it as secret as the original`)
}

interface CopyOptions extends DataOptions {
  readonly to: string
  readonly toPasswordFile?: string
}

async function copyDb({ to, toPasswordFile = '', ...options }: CopyOptions): Promise<void> {
  const settings = dataSettings(options)
  const from = databaseOf(settings)
  const target = parseDatabaseLocation(to, '', toPasswordFile)
  const copied = await alone(settings, from, () => copyStore(from, target, systemClock, say))
  const rows = copied.reduce((sum, table) => sum + table.rows, 0)
  say(`${showDatabase(target)}: ${rows} rows of ${copied.length} tables, the same as in ${showDatabase(from)}`)
}

/** @throws GabionError with code `store` while a collector uses the file */
async function alone<T>(settings: CollectorConfig, location: DatabaseLocation, work: () => Promise<T>): Promise<T> {
  const release = location.kind === 'sqlite' ? lockDataDirectory(settings.dataDir) : () => undefined
  try {
    return await work()
  } finally {
    release()
  }
}
