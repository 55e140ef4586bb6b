// `gabion-collector db`: looks after the database.
import { Command } from 'commander'
import { loadConfig } from '../../runtime/config.ts'
import { GabionError } from '../../runtime/errors.ts'
import { CollectorConfigSchema, defaultConfigFile } from '../collector-config.ts'
import { databasePath } from '../data-directory.ts'
import { checkDatabase } from '../store/sqlite/check-database.ts'

interface CheckOptions {
  readonly dataDir?: string
  readonly config?: string
}

export function dbCommand(): Command {
  const check = new Command('check')
    .description('read the whole database and say whether it is sound; a collector may run meanwhile')
    .option('--data-dir <dir>', 'directory of the database')
    .option('--config <file>', `configuration file (default: ${defaultConfigFile} if it is there)`)
    .addHelpText('after', '\nExample:\n  gabion-collector db check --data-dir ./data/collector')
    .action(checkDb)
  return new Command('db').description('look after the database').addCommand(check)
}

async function checkDb({ dataDir, config }: CheckOptions): Promise<void> {
  const settings = loadConfig({
    schema: CollectorConfigSchema,
    file: { path: config ?? defaultConfigFile, required: config !== undefined },
    environment: process.env,
    flags: { dataDir },
  })
  const path = databasePath(settings.dataDir)
  const { problems, schema, rows } = await checkDatabase(path)
  if (problems.length > 0) throw new GabionError('store', `${path}: ${problems.join('\n  ')}`)
  const counts = Object.entries(rows).map(([table, count]) => `${count} ${table}`)
  process.stdout.write(`${path}: sound, schema ${schema}, ${counts.join(', ')}\n`)
}
